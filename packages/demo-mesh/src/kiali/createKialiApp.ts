import express, { Express, Router } from 'express';
import type { Traffic } from '../traffic/Traffic';
import { addClusterRoutes } from './clusterRoutes';
import { configDocument, statusDocument } from './documents';
import { KialiContext } from './KialiContext';
import { addNamespaceRoutes } from './namespaceRoutes';
import { onlyParameters } from './queryParameters';
import { KialiAuth, Sessions } from './Sessions';

/** The part of Kiali's API (version 2) that a portal asks for, at the root and under `/kiali`. */
export function createKialiApp(options: {
  traffic: Traffic;
  auth?: KialiAuth;
}): Express {
  const { traffic, auth = { strategy: 'anonymous' } } = options;
  const context = KialiContext.create(traffic);
  const sessions = Sessions.create({ auth, clock: traffic.clock });

  const api = Router();
  api.get('/healthz', (_req, res) => {
    res.type('text/plain').send('');
  });
  api.get('/api/auth/info', onlyParameters(), (req, res) => {
    const isOpen =
      auth.strategy === 'anonymous' || sessions.isOpen(req.headers.cookie);
    res.json({
      strategy: auth.strategy,
      sessionInfo: isOpen ? { username: 'demo' } : {},
    });
  });
  api.post(
    '/api/authenticate',
    express.urlencoded({ extended: false, limit: '100kb' }),
    sessions.authenticate,
  );
  api.get(['/api', '/api/status'], onlyParameters(), (_req, res) => {
    res.json(statusDocument());
  });
  api.use('/api', sessions.required);
  api.get('/api/config', onlyParameters(), (_req, res) => {
    res.json(configDocument(context.set));
  });
  addClusterRoutes(api, context);
  addNamespaceRoutes(api, context);

  const app = express();
  app.disable('x-powered-by');
  app.use('/kiali', api);
  app.use(api);
  return app;
}
