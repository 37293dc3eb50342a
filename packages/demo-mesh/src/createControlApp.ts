import express, { Express } from 'express';
import type { DemoMesh } from './DemoMesh';
import { Fault, FAULTS } from './sources/Fault';
import { SOURCE_NAMES, SourceName } from './sources/SourceName';

/** Lets a test take sources away, give them back, and see what they were asked. */
export function createControlApp(mesh: DemoMesh): Express {
  const app = express();
  app.disable('x-powered-by');
  app.get('/healthz', (_req, res) => {
    res.json({
      ok: true,
      isKubernetesUp: mesh.faultOf('kubernetes') !== 'refused',
      urls: mesh.urls,
    });
  });
  app.post('/kubernetes/:action(stop|start)', (req, res, next) => {
    const isUp = req.params.action === 'start';
    mesh
      .setFault('kubernetes', isUp ? undefined : 'refused')
      .then(() => res.json({ kubernetes: isUp ? 'up' : 'down' }))
      .catch(next);
  });

  app.get('/faults', (_req, res) => {
    const faults = SOURCE_NAMES.flatMap(source => {
      const kind = mesh.faultOf(source);
      return kind ? [[source, kind]] : [];
    });
    res.json(Object.fromEntries(faults));
  });
  app.post('/faults/:source', express.json(), (req, res, next) => {
    const sources = sourcesNamed(req.params.source);
    const kind = FAULTS.find(fault => fault === req.body?.kind);
    if (sources.length === 0 || !kind) {
      const wrong =
        sources.length === 0
          ? `no source ${req.params.source}`
          : `kind must be one of ${FAULTS.join(', ')}`;
      res.status(400).json({ error: wrong });
      return;
    }
    setAll(mesh, sources, kind)
      .then(() =>
        res.json({
          sources,
          kind,
          ...(kind === 'expired-certificate'
            ? { certificate: mesh.expiredCertificateOf(sources[0]) }
            : {}),
        }),
      )
      .catch(next);
  });
  app.delete('/faults/:source', (req, res, next) => {
    const sources = sourcesNamed(req.params.source);
    if (sources.length === 0) {
      res.status(400).json({ error: `no source ${req.params.source}` });
      return;
    }
    setAll(mesh, sources, undefined)
      .then(() => res.json({ sources }))
      .catch(next);
  });

  app.get('/requests', (_req, res) => {
    res.json(mesh.requests());
  });
  app.post('/requests/reset', (_req, res) => {
    mesh.resetRequests();
    res.json(mesh.requests());
  });
  app.get('/requests/log', (req, res) => {
    const sources = sourcesNamed(String(req.query.source ?? ''));
    if (sources.length === 0) {
      res.status(400).json({ error: 'source must be the name of a source' });
      return;
    }
    res.json({ requests: sources.flatMap(name => mesh.requestLog(name)) });
  });
  return app;
}

/** One source, or both that hold traces. */
function sourcesNamed(name: string): SourceName[] {
  return SOURCE_NAMES.filter(
    source =>
      source === name ||
      (name === 'tracing' && (source === 'jaeger' || source === 'tempo')),
  );
}

async function setAll(
  mesh: DemoMesh,
  sources: readonly SourceName[],
  fault: Fault | undefined,
): Promise<void> {
  await Promise.all(sources.map(source => mesh.setFault(source, fault)));
}
