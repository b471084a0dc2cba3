/** The facts, tier rules and calendars of the standard operating model, stated a second time by hand. */

const fact = (id: string, type: string, question: string, answers: string) => ({
  id,
  question,
  type,
  answers: answers.split(' '),
});
const is = (name: string, value: string) => ({ fact: name, op: '=', value });
const not = (name: string, value: string) => ({ fact: name, op: '!=', value });
const from = (name: string, value: string) => ({ fact: name, op: '>=', value });
const inEu = { fact: 'where', op: 'includes', value: 'EU' };
const judged = from('effect', 'recommends');
const money = from('money', 'up-to-100');

/** The twelve questions, the nine rules and what they make a spec answer for. */
export const EXPECTED_ASSESSMENT = {
  facts: [
    fact(
      'eu-prohibited-practice',
      'scale',
      'EU AI Act, Art. 5: is it a prohibited practice?',
      'none unsure listed',
    ),
    fact('where', 'several', 'Under whose rules is it used?', 'EU India-RBI India-SEBI US-bank other'),
    fact(
      'eu-high-risk-area',
      'scale',
      'EU AI Act, Annex I or III: is it a high-risk area? (1:1 identity verification is not.)',
      'none unsure listed',
    ),
    fact('effect', 'scale', 'What effect does it have on a person?', 'none informs recommends decides'),
    fact(
      'autonomy',
      'scale',
      'How far does it act by itself?',
      'suggests after-approval acts-undoable acts-final',
    ),
    fact(
      'money',
      'scale',
      'How much money moves per case without a person, in euros?',
      'none up-to-100 up-to-10000 more',
    ),
    fact(
      'data',
      'scale',
      'What is the most sensitive data it reads?',
      'none internal personal identity-special',
    ),
    fact(
      'activity',
      'kind',
      'Which regulated activity is it part of?',
      'none kyc-aml credit insurance advice-orders regulatory-report',
    ),
    fact('technique', 'scale', 'What is it made of?', 'rules quantitative generative agent'),
    fact(
      'reliance',
      'scale',
      'What share of income, exposure or control relies on it?',
      'under-1-percent 1-to-5-percent over-5-percent',
    ),
    fact(
      'reach',
      'scale',
      'How many people outside the staff does it reach in a year?',
      'staff up-to-1000 up-to-50000 more',
    ),
    fact('supplier', 'scale', 'Who can change the model?', 'own pinned-vendor vendor-can-change'),
  ],
  tierRules: [
    { id: 'P1', tier: 'prohibited', when: is('eu-prohibited-practice', 'listed') },
    {
      id: 'H1',
      tier: 'high',
      holdFor: 'governance',
      when: {
        any: [is('eu-prohibited-practice', 'unsure'), { all: [inEu, is('eu-high-risk-area', 'unsure')] }],
      },
    },
    { id: 'H2', tier: 'high', when: { all: [inEu, is('eu-high-risk-area', 'listed')] } },
    { id: 'H3', tier: 'high', when: is('effect', 'decides') },
    {
      id: 'H4',
      tier: 'high',
      when: { any: [is('autonomy', 'acts-final'), { all: [from('autonomy', 'acts-undoable'), money] }] },
    },
    {
      id: 'H5',
      tier: 'high',
      when: {
        any: [
          {
            all: [
              { fact: 'activity', op: 'in', value: ['kyc-aml', 'credit', 'insurance'] },
              { any: [judged, from('data', 'identity-special')] },
            ],
          },
          is('activity', 'advice-orders'),
        ],
      },
    },
    {
      id: 'H6',
      tier: 'high',
      when: {
        all: [
          not('technique', 'rules'),
          { any: [from('reliance', 'over-5-percent'), is('activity', 'regulatory-report')] },
        ],
      },
    },
    {
      id: 'M1',
      tier: 'medium',
      when: {
        any: [
          judged,
          from('autonomy', 'acts-undoable'),
          money,
          from('data', 'personal'),
          not('activity', 'none'),
          from('reliance', '1-to-5-percent'),
          from('reach', 'up-to-50000'),
          from('supplier', 'vendor-can-change'),
          { all: [from('technique', 'generative'), from('reach', 'up-to-1000')] },
        ],
      },
    },
  ],
  tierOtherwise: 'low',
  specConditions: {
    peopleJudged: judged,
    ownModel: { all: [is('supplier', 'own'), not('technique', 'rules')] },
  },
};

const weekdays = (start: number, end: number) => [
  ...Array.from({ length: 5 }, () => [[start * 60, end * 60]]),
  [],
  [],
];
const days = (dates: string) =>
  dates.split(/\s+/).map((date) => Date.parse(`${date}T00:00:00Z`) / 86_400_000);
const calendar = (zone: string, opens: string, closes: string, week: unknown, holidays: number[]) => ({
  version: '2026.1',
  zone,
  week,
  holidays,
  validFrom: Date.parse(opens),
  validThrough: Date.parse(closes),
});

/** The calendars without what the time zone database adds to them. */
export const EXPECTED_CALENDARS = {
  'in-mumbai': calendar(
    'Asia/Kolkata',
    '2026-01-01T00:00:00+05:30',
    '2029-01-01T00:00:00+05:30',
    weekdays(9.5, 18.5),
    days(`2026-01-26 2026-03-03 2026-03-26 2026-03-31 2026-04-03 2026-04-14 2026-05-01 2026-05-27 2026-06-26
      2026-09-14 2026-10-02 2026-10-20 2026-11-10 2026-12-25 2027-01-26 2027-03-22 2027-03-26 2027-04-14
      2027-04-15 2027-05-17 2027-06-16 2027-10-29 2028-01-26 2028-03-13 2028-04-14 2028-05-01 2028-05-05
      2028-08-15 2028-10-02 2028-10-17 2028-12-25`),
  ),
  'eu-berlin': calendar(
    'Europe/Berlin',
    '2026-01-01T00:00:00+01:00',
    '2029-01-01T00:00:00+01:00',
    weekdays(9, 17),
    days(`2026-01-01 2026-04-03 2026-04-06 2026-05-01 2026-05-14 2026-05-25 2026-12-25 2027-01-01 2027-03-08
      2027-03-26 2027-03-29 2027-05-06 2027-05-17 2028-03-08 2028-04-14 2028-04-17 2028-05-01 2028-05-25
      2028-06-05 2028-10-03 2028-12-25 2028-12-26`),
  ),
  'us-new-york': calendar(
    'America/New_York',
    '2026-01-01T00:00:00-05:00',
    '2029-01-01T00:00:00-05:00',
    weekdays(9, 17),
    days(`2026-01-01 2026-01-19 2026-02-16 2026-05-25 2026-06-19 2026-07-03 2026-09-07 2026-10-12 2026-11-11
      2026-11-26 2026-12-25 2027-01-01 2027-01-18 2027-02-15 2027-05-31 2027-06-18 2027-07-05 2027-09-06
      2027-10-11 2027-11-11 2027-11-25 2027-12-24 2027-12-31 2028-01-17 2028-02-21 2028-05-29 2028-06-19
      2028-07-04 2028-09-04 2028-10-09 2028-11-10 2028-11-23 2028-12-25`),
  ),
  always: calendar(
    'UTC',
    '2026-01-01T00:00:00Z',
    '2029-01-01T00:00:00Z',
    Array.from({ length: 7 }, () => [[0, 1_440]]),
    [],
  ),
};
