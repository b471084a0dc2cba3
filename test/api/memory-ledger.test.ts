import { describeLedger } from '../ports/ledger.conformance.js';
import { MemoryLedger } from './memory-ledger.js';

describeLedger('the ledger in memory', async () => new MemoryLedger());
