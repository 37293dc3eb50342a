export * from './common';
export * from './overview';
export * from './routes';
export * from './security';
export * from './traces';
export * from './canary';
export * from './fleet';
export * from './secondOpinion';
