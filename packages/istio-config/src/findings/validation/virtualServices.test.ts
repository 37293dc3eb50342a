import {
  http,
  object,
  paths,
  ROUTE,
  type WebhookCase,
} from './__testUtils__/webhookCases';
import { webhookError } from './webhook';

describe('what Istio’s webhook refuses of a VirtualService', () => {
  it.each<WebhookCase>([
    [
      'every name in the mesh',
      'VirtualService',
      `{hosts: ["*"], http: [{${ROUTE}}]}`,
      ['spec.hosts[0]'],
    ],
    [
      'every name at a gateway: taken',
      'VirtualService',
      `{hosts: ["*"], gateways: [shop/g], http: [{${ROUTE}}]}`,
      [],
    ],
    [
      'one host within another',
      'VirtualService',
      `{hosts: ["*.example.com", a.example.com], http: [{${ROUTE}}]}`,
      ['spec.hosts[1]'],
    ],
    [
      'a gateway in "."',
      'VirtualService',
      `{hosts: [orders], gateways: [./public], http: [{${ROUTE}}]}`,
      ['spec.gateways[0]'],
    ],
    [
      'a copy in two ways',
      'VirtualService',
      http(`${ROUTE}, mirror: {host: b}, mirrors: [{destination: {host: c}}]`),
      ['spec.http[0].mirror'],
    ],
    [
      'an unknown condition to try again',
      'VirtualService',
      http(`${ROUTE}, retries: {attempts: 2, retryOn: "5xx,gateway-errors"}`),
      ['spec.http[0].retries.retryOn'],
    ],
    [
      'a status to try again: taken',
      'VirtualService',
      http(`${ROUTE}, retries: {attempts: 2, retryOn: "503,reset"}`),
      [],
    ],
    [
      'a timeout of retries that are off',
      'VirtualService',
      http(`${ROUTE}, retries: {perTryTimeout: 1s}`),
      ['spec.http[0].retries.perTryTimeout'],
    ],
    [
      'a delay of more than all requests',
      'VirtualService',
      http(
        `${ROUTE}, fault: {delay: {percentage: {value: 150}, fixedDelay: 1s}}`,
      ),
      ['spec.http[0].fault.delay.percentage.value'],
    ],
    [
      '"*" for any value of a header',
      'VirtualService',
      http(`match: [{headers: {x-user: {regex: "*"}}}], ${ROUTE}`),
      ['spec.http[0].match[0].headers.x-user.regex'],
    ],
    [
      '"*" for any value of a header that is not to be there: taken',
      'VirtualService',
      http(`match: [{withoutHeaders: {x-user: {regex: "*"}}}], ${ROUTE}`),
      [],
    ],
    [
      'a comma in the name of a header that a page may send: taken',
      'VirtualService',
      http(`${ROUTE}, corsPolicy: {allowHeaders: ["x-a,x-b", "x;y"]}`),
      ['spec.http[0].corsPolicy.allowHeaders[1]'],
    ],
    [
      'an empty prefix of a header',
      'VirtualService',
      http(`match: [{headers: {x-user: {prefix: ""}}}], ${ROUTE}`),
      ['spec.http[0].match[0].headers.x-user.prefix'],
    ],
    [
      'a variable of Envoy that does not end',
      'VirtualService',
      http(`${ROUTE}, headers: {request: {set: {x-a: "100%"}}}`),
      ['spec.http[0].headers.request.set.x-a'],
    ],
    [
      'a redirect beside a route',
      'VirtualService',
      http(`${ROUTE}, redirect: {uri: /b}`),
      ['spec.http[0].route'],
    ],
    [
      'a rewrite that changes nothing',
      'VirtualService',
      http(`${ROUTE}, rewrite: {}`),
      ['spec.http[0].rewrite'],
    ],
    [
      'the host set twice',
      'VirtualService',
      http(
        `${ROUTE}, rewrite: {authority: a}, headers: {request: {set: {":authority": b}}}`,
      ),
      ['spec.http[0].headers.request'],
    ],
    [
      'a server name that is none of the hosts',
      'VirtualService',
      `{hosts: [a.example.com], tls: [{match: [{sniHosts: [b.example.com]}], ${ROUTE}}]}`,
      ['spec.tls[0].match[0].sniHosts[0]'],
    ],
    [
      'an export to all and to somebody',
      'VirtualService',
      `{hosts: [orders], exportTo: ["*", other], http: [{${ROUTE}}]}`,
      ['spec.exportTo'],
    ],
    [
      'an export to one namespace twice',
      'VirtualService',
      `{hosts: [orders], exportTo: [".", shop], http: [{${ROUTE}}]}`,
      ['spec.exportTo[1]'],
    ],
  ])('%s', (_name, kind, spec, expected) => {
    expect(paths(webhookError, object(kind, spec))).toEqual(expected);
  });
});
