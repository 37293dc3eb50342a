import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WorkloadController } from '../controllers';
import { KubernetesServer, ObjectStore } from '.';

function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const virtualService = (timeout: string) => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: web, namespace: shop }
spec:
  hosts: [web]
  http:
    - timeout: ${timeout}
      route: [{ destination: { host: web }, weight: 100 }]
`;

const deployment = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: app, image: example.com/app:1 }] }
`;

jest.setTimeout(60_000);

const isHere = hasKubectl();

(isHere ? describe : describe.skip)(
  isHere
    ? 'kubectl against the stand-in'
    : 'kubectl against the stand-in: kubectl is not installed',
  () => {
    let home: string;
    let url: string;
    let server: KubernetesServer;
    let controller: WorkloadController;

    beforeEach(async () => {
      home = mkdtempSync(join(tmpdir(), 'kubectl-'));
      const clock = () => new Date();
      const store = ObjectStore.create({ clock });
      store.load([
        { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
      ]);
      controller = WorkloadController.create({ store, injects: () => true });
      controller.start();
      server = KubernetesServer.create({ store, clock, anonymous: 'all' });
      url = await server.listen({ port: 0 });
    });

    afterEach(async () => {
      controller.stop();
      await server.close();
      rmSync(home, { recursive: true, force: true });
    });

    const environment = () => ({ PATH: process.env.PATH, HOME: home });

    /** What kubectl prints, errors included. */
    function kubectl(args: string, stdin: string = ''): Promise<string> {
      return new Promise(resolve => {
        const child = execFile(
          'kubectl',
          ['--server', url, ...args.split(' ')],
          { env: environment(), timeout: 30_000 },
          (_, stdout, stderr) => resolve(`${stdout}${stderr}`),
        );
        child.stdin?.end(stdin);
      });
    }

    it('learns the kinds', async () => {
      const kinds = await kubectl('api-resources');
      expect(kinds).toMatch(/^virtualservices +vs +networking.istio.io\/v1 /m);
      expect(kinds).toMatch(/^deployments +deploy +apps\/v1 /m);
    });

    it('applies, and is told of conflicts', async () => {
      const apply = (manager: string, timeout: string, more = '') =>
        kubectl(
          `apply --server-side --field-manager=${manager}${more} -f -`,
          virtualService(timeout),
        );
      expect(await apply('one', '5s')).toContain('serverside-applied');
      const conflict = await apply('two', '6s');
      expect(conflict).toContain(
        'Apply failed with 1 conflict: conflict with "one": .spec.http',
      );
      expect(await apply('two', '6s', ' --force-conflicts')).toContain(
        'serverside-applied',
      );
      const shown = await kubectl(
        'get vs web -n shop -o jsonpath={.spec.http[0].timeout}',
      );
      expect(shown).toBe('6s');
    });

    it('applies in the old way', async () => {
      expect(await kubectl('apply -f -', virtualService('5s'))).toContain(
        'virtualservice.networking.istio.io/web created',
      );
      expect(await kubectl('apply -f -', virtualService('5s'))).toContain(
        'unchanged',
      );
      expect(
        await kubectl('apply --dry-run=server -f -', virtualService('6s')),
      ).toContain('configured (server dry run)');
      expect(await kubectl('apply -f -', virtualService('6s'))).toContain(
        'configured',
      );
    });

    it('is told what is wrong', async () => {
      expect(await kubectl('apply -f -', virtualService('soon'))).toContain(
        'The VirtualService "web" is invalid: spec.http[0].timeout: Invalid value: "soon"',
      );
    });

    it('prints tables', async () => {
      await kubectl('apply -f -', virtualService('5s'));
      await kubectl('apply -f -', deployment);
      expect(await kubectl('get virtualservices,destinationrules -A')).toMatch(
        /NAMESPACE +NAME +GATEWAYS +HOSTS +AGE\nshop .*web +\["web"\]/,
      );
      expect(await kubectl('get deploy -n shop')).toMatch(/web +2\/2 +2 +2 /);
      const pods = await kubectl('get pods -n shop -o wide');
      expect(pods.match(/web-\S+ +2\/2 +Running +0 +\S+ +10\./g)).toHaveLength(
        2,
      );
    });

    it('watches', async () => {
      await kubectl('apply -f -', virtualService('5s'));
      const child = spawn(
        'kubectl',
        ['--server', url, 'get', 'vs', '-A', '-w', '-o', 'name'],
        { env: environment() },
      );
      const lines = createInterface({ input: child.stdout })[
        Symbol.asyncIterator
      ]();
      const next = async () => (await lines.next()).value;
      try {
        expect(await next()).toBe('virtualservice.networking.istio.io/web');
        await kubectl('label vs web -n shop team=a');
        expect(await next()).toBe('virtualservice.networking.istio.io/web');
      } finally {
        child.kill();
      }
    });

    it('labels, patches, scales and restarts', async () => {
      await kubectl('apply -f -', virtualService('5s'));
      await kubectl('apply -f -', deployment);
      expect(await kubectl('label vs web -n shop team=a')).toContain('labeled');
      expect(
        await kubectl(
          'patch vs web -n shop --type=json -p [{"op":"replace","path":"/spec/http/0/timeout","value":"7s"}]',
        ),
      ).toContain('patched');
      expect(
        await kubectl('scale deployment web -n shop --replicas=3'),
      ).toContain('scaled');
      expect(await kubectl('rollout restart deployment web -n shop')).toContain(
        'restarted',
      );
      expect(await kubectl('rollout status deployment web -n shop')).toContain(
        'successfully rolled out',
      );
      const pods = await kubectl('get pods -n shop -o name');
      expect(pods.trim().split('\n')).toHaveLength(3);
    });

    it('creates and deletes', async () => {
      expect(await kubectl('create namespace bank')).toContain('created');
      expect(
        await kubectl(
          'create deployment app -n bank --image=example.com/app:1',
        ),
      ).toContain('created');
      expect(await kubectl('get pods -n bank -o name')).toMatch(/^pod\/app-/);
      expect(await kubectl('delete deployment app -n bank')).toContain(
        'deleted',
      );
      expect(await kubectl('get pods -n bank')).toContain('No resources found');
      expect(await kubectl('delete namespace bank')).toContain('deleted');
      expect(await kubectl('get namespace bank')).toContain(
        'namespaces "bank" not found',
      );
    });

    it('asks what it may do', async () => {
      expect(await kubectl('auth can-i list virtualservices')).toContain('yes');
    });
  },
);
