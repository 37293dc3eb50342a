'use strict';

// How the app of a pod behaves as a service of a platform: whom it calls while it answers, how long that takes, how often it fails.

const { send } = require('./send.cjs');

/** Handed on, so that a request's spans make one trace. */
const HANDED_ON = [
  'x-request-id',
  'traceparent',
  'tracestate',
  'x-canary',
  'x-user-group',
];
/** Standard deviations from the median to the 99th percentile of a normal distribution. */
const TO_P99 = 2.326;

let behaviour;

/** `{ errorRate, p50Ms, p99Ms, calls: [{ during, host, port, request, times, needed }] }` */
function behaveAs(given) {
  behaviour = given;
}

/** How long an answer takes: log-normal, as response times are. */
function duration({ p50Ms, p99Ms }) {
  const normal =
    Math.sqrt(-2 * Math.log(1 - Math.random())) *
    Math.cos(2 * Math.PI * Math.random());
  return p50Ms * Math.exp((Math.log(p99Ms / p50Ms) / TO_P99) * normal);
}

async function callOnward(call, headers) {
  const { status, error } = await send({
    kind: 'http',
    address: call.host,
    host: call.host,
    port: call.port,
    ...call.request,
    headers: Object.fromEntries(
      HANDED_ON.filter(name => headers[name]).map(name => [
        name,
        headers[name],
      ]),
    ),
  });
  return { failed: Boolean(error) || status >= 400, call };
}

/** A request may say itself how it is to be answered: see `statusFor` in app.cjs. */
const ASKS_ITSELF = ['x-answer', 'x-answer-after-ms', 'x-fail-times'];

/** The status of an answer, after all that it takes; undefined where nothing was said of how to behave. */
async function behave({ method, path, headers }) {
  if (!behaviour || ASKS_ITSELF.some(name => headers[name])) {
    return undefined;
  }
  const [place] = path.split('?');
  const calls = behaviour.calls.filter(
    ({ during, times }) =>
      during.method === method &&
      during.path === place &&
      Math.random() < times,
  );
  const answers = await Promise.all(
    calls.map(call => callOnward(call, headers)),
  );
  await new Promise(resolve => setTimeout(resolve, duration(behaviour)));
  if (answers.some(({ failed, call }) => failed && call.needed)) {
    return 502;
  }
  return Math.random() < behaviour.errorRate ? 500 : 200;
}

module.exports = { behave, behaveAs };
