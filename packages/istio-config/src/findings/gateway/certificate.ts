import type { KubeObject } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';

/** What matters of a certificate. */
export interface Certificate {
  notBefore: number;
  notAfter: number;
}

/** The certificate in a TLS Secret; undefined where there is none that can be read. */
export function certificateOf(secret: KubeObject): Certificate | undefined {
  // Istio reads `cert` and `key` of a generic Secret, else `tls.crt` and `tls.key`.
  const generic = ownField(secret.data, 'cert');
  const [certificate, key] = generic
    ? [generic, ownField(secret.data, 'key')]
    : [ownField(secret.data, 'tls.crt'), ownField(secret.data, 'tls.key')];
  if (typeof certificate !== 'string' || typeof key !== 'string' || !key) {
    return undefined;
  }
  const pem = decode(certificate);
  const body =
    pem &&
    /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/.exec(
      pem,
    )?.[1];
  const der = body && decode(body.replace(/\s+/g, ''));
  return der ? validityOf(der) : undefined;
}

function decode(base64: string): string | undefined {
  try {
    return atob(base64.replace(/\s+/g, ''));
  } catch {
    return undefined;
  }
}

interface Element {
  tag: number;
  start: number;
  end: number;
}

/** RFC 5280: Certificate → TBSCertificate → version?, serial, algorithm, issuer, validity. */
function validityOf(der: string): Certificate | undefined {
  const certificate = elementAt(der, 0, der.length);
  const signed =
    certificate && elementAt(der, certificate.start, certificate.end);
  if (!signed) {
    return undefined;
  }
  const parts = childrenOf(der, signed);
  const validity = parts[parts[0]?.tag === 0xa0 ? 4 : 3];
  const [from, to] = validity ? childrenOf(der, validity) : [];
  const notBefore = from && timeOf(der, from);
  const notAfter = to && timeOf(der, to);
  return notBefore === undefined || notAfter === undefined
    ? undefined
    : { notBefore, notAfter };
}

function elementAt(
  der: string,
  at: number,
  limit: number,
): Element | undefined {
  const first = der.charCodeAt(at + 1);
  const sizeBytes = first < 0x80 ? 0 : first - 0x80;
  if (Number.isNaN(first) || sizeBytes > 4) {
    return undefined;
  }
  let size = first < 0x80 ? first : 0;
  for (let index = 0; index < sizeBytes; index += 1) {
    size = size * 256 + der.charCodeAt(at + 2 + index);
  }
  const start = at + 2 + sizeBytes;
  return start + size <= limit
    ? { tag: der.charCodeAt(at), start, end: start + size }
    : undefined;
}

function childrenOf(der: string, parent: Element): Element[] {
  const children: Element[] = [];
  let at = parent.start;
  while (at < parent.end) {
    const child = elementAt(der, at, parent.end);
    if (!child) {
      break;
    }
    children.push(child);
    at = child.end;
  }
  return children;
}

/** UTCTime `YYMMDDhhmmssZ` or GeneralizedTime `YYYYMMDDhhmmssZ`. */
function timeOf(der: string, element: Element): number | undefined {
  const text = der.slice(element.start, element.end);
  const match = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})Z$/.exec(
    text,
  );
  if (!match) {
    return undefined;
  }
  const [years, month, day, hour, minute, second] = match.slice(1).map(Number);
  let year = years;
  if (match[1].length === 2) {
    year += years < 50 ? 2000 : 1900;
  }
  return Date.UTC(year, month - 1, day, hour, minute, second);
}
