import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/domain/digest.js';
import type { Actor } from '../../../src/domain/lifecycle/actor.js';
import type {
  PolicyCommandName,
  PolicyPayloads,
  PolicyReport,
} from '../../../src/domain/policy-change/commands.js';
import { policyDeadlines } from '../../../src/domain/policy-change/deadlines.js';
import {
  decidePolicy,
  type PolicyOutcome,
  propose,
  reactPolicy,
} from '../../../src/domain/policy-change/decide.js';
import type { PolicyEvent } from '../../../src/domain/policy-change/events.js';
import { evolveProposal, initialProposal } from '../../../src/domain/policy-change/evolve.js';
import type { DryRun, Proposal, ProposalInput } from '../../../src/domain/policy-change/proposal.js';
import { proposalView } from '../../../src/domain/policy-change/view.js';
import { policyWork } from '../../../src/domain/policy-change/work.js';
import type { BusinessFunction } from '../../../src/domain/vocabulary.js';
import { DAY, HOUR, ist } from '../../support/decider/time.js';
import { STANDARD } from '../../support/decider/use-cases.js';

const START = ist('2026-11-16 10:00');
const FUNCTIONS: { readonly [person: string]: readonly BusinessFunction[] } = {
  lata: ['governance'],
  indra: ['governance'],
  farah: ['risk'],
  yash: ['risk'],
  both: ['governance', 'risk'],
  ravi: ['engineering'],
};
const members = Object.entries(FUNCTIONS).map(([person, functions]) => ({ person, functions }));

const INPUT: ProposalInput = {
  name: 'standard',
  version: 8,
  digest: digestOf({ model: 8 }),
  replaces: { version: 7, digest: digestOf({ model: 7 }) },
  proposer: 'uma',
  editors: ['uma', 'lata'],
  reason: digestOf({ text: 'why' }),
  office: {
    id: 'policy-office',
    calendar: 'in-mumbai',
    lead: 'lata',
    heads: { governance: 'lata', risk: 'farah' },
    members,
  },
  rights: { stopShipHolder: [] },
  rules: STANDARD.policyChange,
  calendar: STANDARD.calendars['in-mumbai'] as ProposalInput['calendar'],
};

const dryRun = (effects: string): Omit<DryRun, 'by'> => ({
  report: digestOf({ report: effects }),
  effects: digestOf({ effects }),
  lifecycles: 3,
  affected: 1,
  unseen: 0,
});

/** Plays the shell around the decider. */
class Tale {
  state: Proposal;
  now = START;
  readonly events: PolicyEvent[] = [];
  rejected: string | null = null;
  readonly unfit = new Set<string>();

  readonly #input: ProposalInput;

  constructor(input: ProposalInput = INPUT) {
    this.#input = input;
    const begun = propose(input, this.now);
    if ('rejected' in begun) throw new Error(begun.rejected);
    this.state = begun.state;
    this.events.push(...begun.events);
  }

  actor(person: string): Actor {
    const roles = person === 'uma' ? ['policy-editor'] : [];
    return { person, functions: FUNCTIONS[person] ?? [], roles, teams: ['policy-office'], verified: false };
  }

  when<N extends PolicyCommandName>(name: N, payload: PolicyPayloads[N], by: string): this {
    const command = { name, actor: this.actor(by), payload } as Parameters<typeof decidePolicy>[0];
    this.#take(decidePolicy(command, this.state, this.now));
    return this.perform();
  }

  answers(by: string, decision: PolicyPayloads['decide']['decision'] = 'approve', more: object = {}): this {
    const { generation = 0, subject = '' } = this.state.gate ?? {};
    return this.when('decide', { gate: 'policy', generation, subject, decision, ...more }, by);
  }

  report(report: PolicyReport): this {
    this.#take(reactPolicy(report, this.state, this.now));
    return this;
  }

  perform(): this {
    for (const work of policyWork(this.state)) {
      if (work.kind === 'notify')
        this.report({ type: 'notices-delivered', ids: work.notices.map(({ id }) => id) });
      else {
        const asked = work.approvers.map(({ person }) => person);
        const ineligible = asked.filter((person) => this.unfit.has(person));
        this.report({ type: 'confirmed', generation: work.generation, asked, ineligible });
      }
    }
    return this;
  }

  after(ms: number): this {
    const until = this.now + ms;
    for (
      let [next] = policyDeadlines(this.state);
      next && next.at <= until;
      [next] = policyDeadlines(this.state)
    ) {
      this.now = next.at;
      this.report({ type: 'tick' }).perform();
    }
    this.now = until;
    return this;
  }

  get types(): string[] {
    return this.events.map(({ type }) => type).filter((type) => !type.startsWith('PolicyNotice'));
  }

  #take(outcome: PolicyOutcome): void {
    if ('rejected' in outcome) {
      this.rejected = outcome.rejected;
      return;
    }
    this.rejected = null;
    this.events.push(...outcome.events);
    this.state = outcome.state;
    const folded = this.events.reduce(
      (state, event) => evolveProposal(state, event),
      initialProposal(this.#input, START),
    );
    expect(folded).toEqual(this.state);
  }
}

const deciding = () => new Tale().when('dry-run', dryRun('one'), 'uma');
const approved = () => deciding().answers('indra').answers('yash');

describe('a version of the rules', () => {
  test('is published once governance and risk have approved it', () => {
    const tale = approved().when('publish', {}, 'uma');
    expect(tale.state.status).toBe('published');
    expect(tale.events.at(-1)).toMatchObject({
      type: 'OperatingModelPublished',
      version: 8,
      document: INPUT.digest,
      editors: ['uma', 'lata'],
      approvers: [{ person: 'indra' }, { person: 'yash' }],
    });
  });

  test('one person of both functions fills one seat', () => {
    const tale = deciding().answers('both');
    expect(proposalView(tale.state).gate?.seats.filter(({ filledBy }) => filledBy)).toHaveLength(1);
    expect(tale.answers('indra').state.status).toBe('approved');
  });

  test.each<[string, string]>([
    ['uma', 'excluded'],
    ['lata', 'excluded'],
    ['ravi', 'not-permitted'],
  ])('%s does not decide: %s', (person, code) => {
    expect(deciding().answers(person).rejected).toBe(code);
  });

  test('is approved on a subject that covers its text and its effects', () => {
    const tale = deciding();
    const { subject } = tale.state.gate ?? {};
    tale.answers('indra').when('dry-run', dryRun('two'), 'uma');
    expect(tale.state.gate).toMatchObject({ generation: 2, decisions: [] });
    expect(tale.state.gate?.subject).not.toBe(subject);
    expect(tale.state.reaffirm).toEqual(['indra']);
    expect(
      tale.when(
        'decide',
        { gate: 'policy', generation: 1, subject: subject ?? '', decision: 'approve' },
        'yash',
      ).rejected,
    ).toBe('stale-generation');
  });

  test('the same effects again change nothing', () => {
    expect(deciding().answers('indra').when('dry-run', dryRun('one'), 'yash').rejected).toBe('unchanged');
  });

  test.each(['reject', 'request-changes'] as const)('%s ends it, and says why', (decision) => {
    expect(deciding().answers('yash', decision).rejected).toBe('incomplete');
    const tale = deciding()
      .answers('indra')
      .answers('yash', decision, { comment: digestOf({ text: 'no' }) });
    expect(tale.state).toMatchObject({ gate: null, status: decision === 'reject' ? 'rejected' : 'returned' });
    expect(tale.types).toContain('PolicyDecisionVoided');
    expect(tale.answers('indra').rejected).toBe('closed');
  });

  test('is approved by those alone who have signed in as its gate asks', () => {
    const gate = { ...INPUT.rules.gate, reauthenticate: { maxAge: HOUR, acr: [] } };
    const tale = new Tale({ ...INPUT, rules: { ...INPUT.rules, gate } }).when(
      'dry-run',
      dryRun('one'),
      'uma',
    );
    const { generation = 0, subject = '' } = tale.state.gate ?? {};
    const payload = { gate: 'policy', generation, subject, decision: 'approve' } as const;
    const signedIn = (at: number) => ({
      ...tale.actor('indra'),
      verified: true,
      authenticated: { at, acr: null },
    });
    const by = (at: number) =>
      decidePolicy({ name: 'decide', actor: signedIn(at), payload }, tale.state, tale.now);
    expect(by(tale.now - 2 * HOUR)).toMatchObject({ rejected: 'reauthentication-required' });
    expect(by(tale.now - 1)).toMatchObject({ state: { gate: { decisions: [{ person: 'indra' }] } } });
  });

  test('conditions are no way to approve it', () => {
    expect(deciding().answers('indra', 'approve-with-conditions').rejected).toBe('incomplete');
  });

  test('a decision is taken back while the gate is open, and the gate is not passed', () => {
    const tale = deciding().answers('indra').when('retract-decision', {}, 'indra').answers('yash');
    expect(tale.state.status).toBe('deciding');
    expect(tale.when('retract-decision', {}, 'indra').rejected).toBe('nothing-to-retract');
  });

  test('somebody who recuses leaves the seat to another', () => {
    expect(deciding().answers('yash', 'recuse').answers('farah').answers('indra').state.status).toBe(
      'approved',
    );
  });

  test('whoever is no longer eligible when it closes is asked no more, and somebody else is', () => {
    const tale = deciding().answers('indra');
    tale.unfit.add('yash');
    tale.answers('yash');
    expect(tale.state).toMatchObject({ status: 'deciding', gate: { status: 'open' } });
    expect(tale.answers('farah').state.status).toBe('approved');
  });

  test('whoever is no longer eligible when it is published takes the approval away', () => {
    const tale = approved();
    tale.unfit.add('indra');
    tale.when('publish', {}, 'uma');
    expect(tale.state).toMatchObject({ status: 'deciding', gate: { generation: 2, decisions: [] } });
  });

  test('where nobody can be asked again either, it lapses: the calendar ends before the gate would', () => {
    const tale = new Tale({ ...INPUT, calendar: { ...INPUT.calendar, validThrough: START + 9 * DAY } })
      .when('dry-run', dryRun('one'), 'uma')
      .answers('indra')
      .answers('yash')
      .after(8 * DAY);
    tale.unfit.add('indra');
    tale.when('publish', {}, 'uma');
    expect(tale.state).toMatchObject({ status: 'lapsed', gate: null });
    expect(policyWork(tale.state)).toEqual([]);
    expect(tale.events.at(-1)).toEqual({
      type: 'PolicyLapsed',
      why: expect.stringMatching(/^no longer eligible: indra; calendar in-mumbai is only known until /),
    });
  });

  test('cannot be published before, or twice', () => {
    expect(deciding().when('publish', {}, 'uma').rejected).toBe('gate-closed');
    expect(approved().when('publish', {}, 'uma').when('publish', {}, 'uma').rejected).toBe('closed');
  });

  test('an answer of the directory to an earlier opening changes nothing', () => {
    const tale = deciding().answers('indra');
    tale.report({ type: 'confirmed', generation: 1, asked: ['indra'], ineligible: [] });
    expect(tale.rejected).toBe('unchanged');
  });

  test('nobody could pass its gate: refused, naming the seat', () => {
    const unstaffed = propose({ ...INPUT, editors: ['farah', 'yash', 'both'] }, START);
    expect(unstaffed).toMatchObject({ rejected: 'unstaffed', reasons: [{ fact: 'risk' }] });
  });

  test('whatever a model says of its own gate, governance and risk decide', () => {
    const rules = { ...INPUT.rules, gate: { ...INPUT.rules.gate, seats: [{ function: 'risk' }] as const } };
    expect(propose({ ...INPUT, rules }, START)).toMatchObject({ rejected: 'incomplete' });
  });
});

describe('time', () => {
  test('reminds, escalates and then returns it: silence never publishes', () => {
    const tale = deciding()
      .answers('indra')
      .after(20 * DAY);
    const steps = ['PolicyReminderSent', 'PolicyReminderSent', 'PolicyEscalated', 'PolicyEscalated'];
    expect(tale.types.filter((type) => /Reminder|Escalated/.test(type))).toEqual(steps);
    expect(tale.events).toContainEqual(
      expect.objectContaining({ type: 'PolicyEscalated', step: 'function-head', to: ['farah'] }),
    );
    expect(tale.state).toMatchObject({ status: 'returned', gate: null });
    expect(tale.types.slice(-2)).toEqual(['PolicyDecisionVoided', 'PolicyGateClosed']);
  });

  test('a late approval counts until it is returned, and is marked', () => {
    const tale = deciding()
      .answers('indra')
      .after(3 * DAY + HOUR)
      .answers('yash');
    expect(tale.state.status).toBe('approved');
    const decisions = tale.events.flatMap((event) =>
      event.type === 'PolicyDecisionRecorded' ? [event.decision.late] : [],
    );
    expect(decisions).toEqual([false, true]);
  });

  test('a deadline that has passed beats whoever comes after it, however long nothing ran', () => {
    const tale = deciding().answers('indra');
    tale.now += 30 * DAY;
    expect(tale.answers('yash').rejected).toBe('closed');
  });

  test('what is approved and not published lapses, and so does what nobody put up for decision', () => {
    expect(approved().after(31 * DAY).state.status).toBe('lapsed');
    expect(new Tale().after(31 * DAY).state.status).toBe('lapsed');
  });

  test('withdrawn, it is over', () => {
    const reason = digestOf({ text: 'misread' });
    expect(new Tale().when('withdraw', { reason }, 'uma').state.status).toBe('withdrawn');
    expect(approved().when('withdraw', { reason }, 'uma').state.status).toBe('withdrawn');
  });
});
