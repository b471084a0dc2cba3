import { OURS } from './corruptions.js';
import { event, refusal, SampleLedger } from './sample-ledger.js';

/** The ledger of the worked example in docs/reference/ledger-format.md. */
export function exampleLedger(): SampleLedger {
  const ledger = new SampleLedger();
  ledger.keys.push({ publicKey: OURS.raw, from: 1_780_000_000_000, until: null });
  ledger.append('lifecycle/kyc', event('kyc', 1)).seal([OURS]);
  ledger.append('lifecycle/kyc', event('kyc', 2)).append('service', refusal('refusal/7f', null)).seal([OURS]);
  return ledger.store({ purpose: 'screening' });
}
