/**
 * Every search attribute that a lifecycle sets, with its type as the SDK names types. Few and without personal
 * data: SQL visibility has room for ten keywords and three of each other type in a namespace.
 */
export const searchAttributes = {
  AwStage: 'KEYWORD',
  AwMode: 'KEYWORD',
  AwTier: 'KEYWORD',
  AwTeam: 'KEYWORD',
  AwRelease: 'KEYWORD',
  AwWaitingOn: 'KEYWORD_LIST',
  AwNextDue: 'DATETIME',
  AwHeld: 'BOOL',
  AwExposure: 'DOUBLE',
} as const;
