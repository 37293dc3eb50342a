// An AsyncLocalStorage slows down every promise of the whole portal: what is needed is handed on instead.
const asyncHooks = ['async_hooks', 'node:async_hooks'].map(name => ({
  name,
  message: 'It would slow the portal down. Hand on what is needed.',
}));

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  restrictedSrcImports: asyncHooks,
});
