'use strict';

// Sends one request as it is told, on a connection of its own, and says what came back.

const http = require('http');
const http2 = require('http2');
const net = require('net');
const tls = require('tls');

const WITHIN_MS = 10000;
/** A connection's own limit goes first. */
const LATE_MS = 200;
/** Of a TCP answer: by then what was sent came back, or nothing will. */
const TCP_QUIET_MS = 1500;

/** Whatever happens to the connection, an answer comes in time. */
function send(command) {
  const withinMs = command.withinMs || WITHIN_MS;
  let timer;
  const late = new Promise(resolve => {
    timer = setTimeout(
      () => resolve({ error: 'timeout', ms: withinMs }),
      withinMs + LATE_MS,
    );
  });
  return Promise.race([begin(command), late]).finally(() =>
    clearTimeout(timer),
  );
}

function begin(command) {
  switch (command.kind) {
    case 'http':
      return sendHttp(command);
    case 'grpc':
    case 'http2':
      return sendStream(command);
    case 'tcp':
      return sendTcp(command);
    default:
      return Promise.reject(new Error(`No such command: ${command.kind}`));
  }
}

/** A connection, with TLS where the command has `tls: { sni, alpn }`. */
function connect({ address, port, tls: secure }) {
  if (!secure) {
    return net.connect({ host: address, port });
  }
  return tls.connect({
    host: address,
    port,
    servername: secure.sni,
    ALPNProtocols: secure.alpn,
    rejectUnauthorized: false,
    cert: secure.cert,
    key: secure.key,
  });
}

function sendHttp(command) {
  const { method = 'GET', path = '/', host, headers = {}, body } = command;
  const began = Date.now();
  return new Promise(resolve => {
    const socket = connect(command);
    const request = http.request({
      createConnection: () => socket,
      method,
      path,
      headers: {
        host: host || command.address,
        connection: 'close',
        ...headers,
        ...(body ? { 'content-length': Buffer.byteLength(body) } : {}),
      },
      setHost: false,
      timeout: command.withinMs || WITHIN_MS,
    });
    const fail = error =>
      resolve({ error: error.code || error.message, ms: Date.now() - began });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', fail);
    request.on('response', response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', chunk => {
        text += chunk;
      });
      response.on('error', fail);
      response.on('end', () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: text,
          ms: Date.now() - began,
        }),
      );
    });
    request.end(body);
  });
}

/** HTTP/2, and gRPC: a call without arguments. */
function sendStream(command) {
  const { method = 'POST', path = '/', host, headers = {}, address } = command;
  const isGrpc = command.kind === 'grpc';
  const began = Date.now();
  return new Promise(resolve => {
    const session = http2.connect(`http://${host || address}`, {
      createConnection: () => connect(command),
    });
    const finish = answer => {
      session.destroy();
      resolve({ ...answer, ms: Date.now() - began });
    };
    const fail = error => finish({ error: error.code || error.message });
    session.on('error', fail);
    const stream = session.request({
      ':method': method,
      ':path': path,
      ':authority': host || address,
      ':scheme': command.tls ? 'https' : 'http',
      ...(isGrpc ? { 'content-type': 'application/grpc', te: 'trailers' } : {}),
      ...headers,
    });
    stream.setTimeout(command.withinMs || WITHIN_MS, () =>
      fail(new Error('timeout')),
    );
    stream.on('error', fail);
    const answer = { body: '' };
    const chunks = [];
    stream.on('response', got => {
      answer.status = got[':status'];
      answer.headers = { ...got };
    });
    stream.on('trailers', trailers => {
      answer.trailers = { ...trailers };
    });
    stream.on('data', chunk => chunks.push(chunk));
    stream.on('end', () => {
      const whole = Buffer.concat(chunks);
      // Behind a port of HTTP/1.1 an answer to gRPC is none of gRPC.
      const isFramed = String(
        (answer.headers || {})['content-type'],
      ).startsWith('application/grpc');
      answer.body = (isFramed ? whole.subarray(5) : whole).toString('utf8');
      if (isGrpc) {
        answer.grpcStatus = Number(
          (answer.trailers || {})['grpc-status'] ||
            (answer.headers || {})['grpc-status'] ||
            0,
        );
      }
      finish(answer);
    });
    stream.end(isGrpc ? Buffer.alloc(5) : undefined);
  });
}

function sendTcp(command) {
  const began = Date.now();
  return new Promise(resolve => {
    const socket = connect(command);
    let text = '';
    const finish = more => {
      socket.destroy();
      resolve({ body: text, ms: Date.now() - began, ...more });
    };
    socket.setTimeout(command.withinMs || TCP_QUIET_MS, () =>
      finish({ isQuiet: true }),
    );
    socket.on('error', error => finish({ error: error.code || error.message }));
    socket.on(command.tls ? 'secureConnect' : 'connect', () =>
      socket.write(command.body || 'hello'),
    );
    socket.on('data', chunk => {
      text += chunk;
      if (text.includes('\n') && text.endsWith(command.body || 'hello')) {
        finish({});
      }
    });
    socket.on('close', () => finish({ isClosed: true }));
  });
}

module.exports = { send };
