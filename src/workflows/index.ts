export { anchor } from './anchor.js';
export { askAfter } from './ask-after.js';
export { lifecycle } from './lifecycle.js';
export { digest, message, notice } from './notice.js';
export { policyChange } from './policy-change.js';
export { reconcile } from './reconcile.js';
export { reviewItem } from './review-item.js';
export { sweep } from './sweep.js';
