'use strict';

const net = require('net');
const { Explained } = require('./report.cjs');

/** Every port of the demo, with the variable that moves it. */
const PORTS = [
  { name: 'the portal', variable: 'MESHDECK_PORT', standard: 7007 },
  {
    name: 'the demo Kubernetes API',
    variable: 'MESHDECK_DEMO_PORT_KUBERNETES',
    standard: 7101,
  },
  {
    name: 'the demo Prometheus',
    variable: 'MESHDECK_DEMO_PORT_PROMETHEUS',
    standard: 7102,
  },
  {
    name: 'the demo Jaeger',
    variable: 'MESHDECK_DEMO_PORT_JAEGER',
    standard: 7103,
  },
  {
    name: 'the demo Tempo',
    variable: 'MESHDECK_DEMO_PORT_TEMPO',
    standard: 7106,
  },
  {
    name: 'the demo Kiali',
    variable: 'MESHDECK_DEMO_PORT_KIALI',
    standard: 7104,
  },
  {
    name: 'the demo’s controls',
    variable: 'MESHDECK_DEMO_PORT_CONTROL',
    standard: 7105,
  },
];

function isFree(port) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', error =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES'
        ? resolve(false)
        : reject(error),
    );
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** The ports as environment variables. Throws where one is taken, naming it and the variable that moves it. */
async function choosePorts() {
  const chosen = {};
  for (const { name, variable, standard } of PORTS) {
    const port = Number(process.env[variable] || standard);
    if (!Number.isInteger(port) || port < 1 || port > 65535) {
      throw new Explained(
        `${variable} is "${process.env[variable]}", which is no port.`,
        `Set it to a number from 1 to 65535, or unset it for ${standard}.`,
      );
    }
    if (!(await isFree(port))) {
      throw new Explained(
        `Port ${port}, meant for ${name}, is taken by another process.`,
        `Stop that process, or choose another port: ${variable}=${
          port + 1000
        } npm run demo`,
      );
    }
    chosen[variable] = String(port);
  }
  return chosen;
}

/** Below those that systems give to outgoing connections: such a one may take a port between its choice and its use. */
const OWN_PORTS = { first: 20000, count: 10000 };

async function freePort(taken) {
  for (;;) {
    const port = OWN_PORTS.first + Math.floor(Math.random() * OWN_PORTS.count);
    if (!taken.includes(String(port)) && (await isFree(port))) {
      return String(port);
    }
  }
}

/** A free port for each variable that is not set: so tests run beside a demo. */
async function freePorts() {
  const chosen = {};
  for (const { variable } of PORTS) {
    chosen[variable] =
      process.env[variable] || (await freePort(Object.values(chosen)));
  }
  return chosen;
}

module.exports = { choosePorts, freePorts };
