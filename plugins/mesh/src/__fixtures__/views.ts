/** Every view of a mesh that is well. */
export * from './canary';
export * from './overview';
export * from './placements';
export * from './routes';
export * from './security';
export * from './topology';
export * from './traceViews';
