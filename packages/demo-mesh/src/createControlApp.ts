import express, { Express } from 'express';
import type { DemoMesh } from './DemoMesh';

/** Lets a test take the Kubernetes API away and give it back. */
export function createControlApp(mesh: DemoMesh): Express {
  let isUp = true;
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_req, res) => {
    res.json({ ok: true, isKubernetesUp: isUp, urls: mesh.urls });
  });
  app.post('/kubernetes/:action(stop|start)', (req, res, next) => {
    const wanted = req.params.action === 'start';
    const change = async () => {
      if (wanted !== isUp) {
        isUp = wanted;
        await (wanted ? mesh.kubernetes.start() : mesh.kubernetes.stop());
      }
      res.json({ kubernetes: isUp ? 'up' : 'down' });
    };
    change().catch(next);
  });
  return app;
}
