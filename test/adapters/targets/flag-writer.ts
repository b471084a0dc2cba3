/** A worker that does nothing but set flags, one fence after the other, and tells of each; to be killed in the middle. */
import { createFlagFileTarget } from '../../../src/adapters/targets/flag-file/flag-file-target.js';
import { noSignal, request } from './conformance/requests.js';

const path = process.env['FLAG_FILE'] ?? '';
const target = createFlagFileTarget({ path, flag: 'airworthy-$lifecycle' });
const { fence: last = 0 } = (await target.read('kyc')) ?? {};
for (let fence = last + 1; ; fence++) {
  await target.apply(request('kyc', fence, fence % 100), noSignal());
  process.send?.({ fence });
}
