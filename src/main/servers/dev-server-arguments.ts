/** Where a development server listens and keeps its state; without a file it keeps it in memory. */
export interface DevServerPlace {
  port: number;
  uiPort?: number;
  databaseFile?: string;
}

// The stock server hands out at most 20 tasks a second per shard and looks for them every 50 ms, which alone
// makes an idle journey seven times slower; eager execution saves a round trip for each activity.
const settings = {
  'history.transferProcessorMaxPollRPS': '2000',
  'history.timerProcessorMaxPollRPS': '2000',
  'system.enableActivityEagerExecution': 'true',
  // No calls to the outside to ask for news.
  'frontend.enableServerVersionCheck': 'false',
};

/** Arguments of `temporal` for a development server on 127.0.0.1 with Airworthy's settings. */
export function devServerArguments({ port, uiPort, databaseFile }: DevServerPlace): string[] {
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    '--log-level=warn',
    ...(uiPort === undefined ? ['--headless'] : [`--ui-port=${uiPort}`]),
    ...(databaseFile === undefined ? [] : [`--db-filename=${databaseFile}`]),
    ...Object.entries(settings).map(([key, value]) => `--dynamic-config-value=${key}=${value}`),
  ];
}
