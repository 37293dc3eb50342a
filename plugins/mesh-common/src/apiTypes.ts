/** What the HTTP API takes and answers: the types that openapi.yaml is written from. */
export * from './onboarding';
export * from './views';
