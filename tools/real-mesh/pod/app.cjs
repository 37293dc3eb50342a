'use strict';

// The small app of each pod. It answers what it was asked: HTTP/1.1, HTTP/2 and gRPC, TLS, or plain TCP, on one port. And it
// sends requests when it is told to, by lines of JSON on a socket, so that they leave from inside the pod.

const fs = require('fs');
const http = require('http');
const http2 = require('http2');
const net = require('net');
const tls = require('tls');
const { behave, behaveAs } = require('./behave.cjs');
const { send } = require('./send.cjs');

const {
  APP_SOCKET,
  APP_PORTS = '8080',
  APP_NAME,
  APP_NAMESPACE,
  APP_VERSION,
  APP_ADDRESS,
  APP_CERTIFICATE,
  APP_KEY,
} = process.env;

/** How many requests are remembered, for who asks what arrived. */
const MOST_REMEMBERED = 2000;
const received = [];
/** Attempts by request id, for requests that are to fail a number of times. */
const attempts = new Map();

const wait = ms => new Promise(resolve => setTimeout(resolve, ms));

function remember(entry) {
  received.push(entry);
  if (received.length > MOST_REMEMBERED) {
    received.shift();
  }
}

/** What a request tells of itself, and the answer that it asks for by headers. */
function describe(port, protocol, { method, path, headers }) {
  return {
    pod: APP_NAME,
    namespace: APP_NAMESPACE,
    version: APP_VERSION,
    address: APP_ADDRESS,
    port,
    protocol,
    method,
    path,
    headers,
  };
}

async function statusFor(headers) {
  if (headers['x-answer-after-ms']) {
    await wait(Number(headers['x-answer-after-ms']));
  }
  const times = Number(headers['x-fail-times'] || 0);
  const id = headers['x-attempts-of'] || headers['x-request-id'];
  if (times) {
    const attempt = (attempts.get(id) || 0) + 1;
    attempts.set(id, attempt);
    if (attempt <= times) {
      return Number(headers['x-fail-with'] || 503);
    }
  }
  return Number(headers['x-answer'] || 200);
}

async function answerHttp(port, request, response) {
  request.resume();
  const seen = describe(port, `HTTP/${request.httpVersion}`, {
    method: request.method,
    path: request.url,
    headers: request.headers,
  });
  remember(seen);
  const status = (await behave(seen)) || (await statusFor(request.headers));
  const body = JSON.stringify(seen);
  if (request.headers['x-close']) {
    request.socket.destroy();
    return;
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-answered-by': APP_NAME,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function answerStream(port, stream, headers) {
  stream.on('error', () => {});
  stream.resume();
  const isGrpc = String(headers['content-type'] || '').startsWith(
    'application/grpc',
  );
  const seen = describe(port, isGrpc ? 'gRPC' : 'HTTP/2', {
    method: headers[':method'],
    path: headers[':path'],
    headers: { ...headers, host: headers[':authority'] },
  });
  remember(seen);
  const status = await statusFor(headers);
  if (stream.destroyed) {
    return;
  }
  const body = Buffer.from(JSON.stringify(seen));
  if (!isGrpc) {
    stream.respond({
      ':status': status,
      'content-type': 'application/json',
      'x-answered-by': APP_NAME,
    });
    stream.end(body);
    return;
  }
  stream.respond(
    {
      ':status': 200,
      'content-type': 'application/grpc',
      'x-answered-by': APP_NAME,
    },
    { waitForTrailers: true },
  );
  stream.on('wantTrailers', () =>
    stream.sendTrailers({
      'grpc-status': String(headers['x-grpc-answer'] || 0),
    }),
  );
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(body.length, 1);
  stream.end(Buffer.concat([frame, body]));
}

/** Plain TCP: says who it is, then gives back what comes. */
function answerTcp(port, socket) {
  remember(describe(port, 'TCP', {}));
  socket.write(`${JSON.stringify(describe(port, 'TCP', {}))}\n`);
  socket.pipe(socket);
}

function listen(port) {
  const plain = http.createServer((request, response) =>
    answerHttp(port, request, response),
  );
  plain.keepAliveTimeout = 60000;
  const second = http2.createServer();
  second.on('stream', (stream, headers) => answerStream(port, stream, headers));
  second.on('sessionError', () => {});
  let secure;
  function choose(socket) {
    socket.on('error', () => {});
    socket.once('readable', () => {
      const first = socket.read();
      if (!first) {
        socket.destroy();
        return;
      }
      socket.unshift(first);
      const text = first.toString('latin1', 0, 24);
      if (first[0] === 0x16 && secure) {
        secure.emit('connection', socket);
      } else if (text.startsWith('PRI * HTTP/2.0')) {
        second.emit('connection', socket);
      } else if (/^[A-Z]+ /.test(text)) {
        plain.emit('connection', socket);
      } else {
        answerTcp(port, socket);
      }
    });
  }
  if (APP_CERTIFICATE) {
    secure = tls.createServer(
      {
        cert: fs.readFileSync(APP_CERTIFICATE),
        key: fs.readFileSync(APP_KEY),
        ALPNProtocols: ['h2', 'http/1.1'],
      },
      choose,
    );
  }
  net.createServer(choose).listen(port, '0.0.0.0');
}

async function obey(command) {
  switch (command.kind) {
    case 'ping':
      return { pod: APP_NAME };
    case 'received':
      return {
        // A plain connection has no headers, and nobody's id.
        requests: received.filter(
          ({ headers = {} }) =>
            !command.of ||
            headers['x-request-id'] === command.of ||
            headers['x-test-id'] === command.of,
        ),
      };
    case 'behave':
      behaveAs(command.behaviour);
      return {};
    case 'forget':
      received.length = 0;
      attempts.clear();
      return {};
    default:
      return send(command);
  }
}

function takeCommands(socket) {
  socket.on('error', () => {});
  let rest = '';
  socket.on('data', chunk => {
    rest += chunk;
    const lines = rest.split('\n');
    rest = lines.pop();
    for (const line of lines) {
      const { id, ...command } = JSON.parse(line);
      obey(command).then(
        answer => socket.write(`${JSON.stringify({ id, answer })}\n`),
        error =>
          socket.write(`${JSON.stringify({ id, error: error.message })}\n`),
      );
    }
  });
}

fs.rmSync(APP_SOCKET, { force: true });
net.createServer(takeCommands).listen(APP_SOCKET);
APP_PORTS.split(',').map(Number).forEach(listen);
// A connection that breaks is the other's to tell.
process.on('uncaughtException', error => {
  if (!['ECONNRESET', 'EPIPE'].includes(error.code)) {
    throw error;
  }
});
