export { anchor } from './anchor.js';
export { lifecycle } from './lifecycle.js';
export { reconcile } from './reconcile.js';
export { sweep } from './sweep.js';
