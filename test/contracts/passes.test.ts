import { describe, expect, it } from 'vitest';
import { PASS_BODIES } from '../../src/contracts/bodies/passes.js';
import { parseForm } from '../../src/contracts/form.js';
import { writtenOperatingModel } from '../../src/contracts/operating-model.js';
import { shipped } from '../operating-models/shipped-models.js';

const DIGEST = `sha256:${'5f'.repeat(32)}`;
const until = '2027-07-21T18:00:00+05:30';
const reason = 'It cannot wait.';

describe('break-glass over HTTP', () => {
  const parse = (body: object) => PASS_BODIES['break-glass'].body.safeParse({ until, reason, ...body });
  const problems = (body: object) =>
    (parse(body).error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

  it('names a gate with what is to pass there, or a freeze', () => {
    expect(parse({ gate: 'readiness', subject: DIGEST }).success).toBe(true);
    expect(parse({ freeze: 'filing season' }).success).toBe(true);
  });

  it('and never neither or both', () => {
    expect(problems({})).toEqual(['gate: name a gate or a freeze, one of them']);
    expect(problems({ gate: 'readiness', subject: DIGEST, freeze: 'x' })).toEqual([
      'gate: name a gate or a freeze, one of them',
    ]);
    expect(problems({ gate: 'readiness' })).toEqual(['subject: say what is to pass at the gate']);
    expect(problems({ freeze: 'x', subject: DIGEST })).toEqual([
      'subject: a freeze has no subject; leave it out',
    ]);
  });
});

describe('what an operating model lets be passed', () => {
  const { written } = shipped('standard');
  const problems = (change: object) => {
    const parsed = parseForm(writtenOperatingModel, { ...written, ...change });
    return parsed.ok ? [] : parsed.problems.map(({ path, detail }) => `${path.join('.')}: ${detail}`);
  };
  const { breakGlass, exceptions } = written;

  it('is as shipped, or nothing at all', () => {
    expect(problems({})).toEqual([]);
    const {
      breakGlass: _glass,
      exceptions: _exceptions,
      conflict: _conflict,
      overdue: _overdue,
      ...bare
    } = written;
    expect(parseForm(writtenOperatingModel, bare).ok).toBe(true);
  });

  it('is told by its controls', () => {
    const mayPass = ['evidence:eval', 'anything'];
    expect(problems({ exceptions: { ...exceptions, mayPass } })).toEqual([
      'exceptions.mayPass.1: write queue-load, or evidence: and the kind of evidence, such as evidence:vendor-review',
    ]);
  });

  it('never takes fewer than two people, nor a gate on the use case itself', () => {
    expect(problems({ breakGlass: { ...breakGlass, keys: ['stopShipHolder'] } })).toHaveLength(1);
    expect(problems({ exceptions: { ...exceptions, keys: ['risk'] } })).toHaveLength(1);
    expect(problems({ breakGlass: { ...breakGlass, gates: ['scoping'] } })).toHaveLength(1);
  });

  it('always holds what nobody reviewed in time', () => {
    const retrospective = { ...breakGlass?.retrospective, timeout: 'return' };
    expect(problems({ breakGlass: { ...breakGlass, retrospective } })).toHaveLength(1);
  });
});
