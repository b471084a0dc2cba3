import express from 'express';

// The least that can answer over HTTP: one route of Express that does nothing, as a process of its own.
const app = express();
app.disable('etag').disable('x-powered-by');
app.post('/check', (_request, response) => {
  response.json({});
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ ready: true, port: typeof address === 'object' ? address?.port : 0 });
});
for (const over of ['SIGTERM', 'disconnect'] as const) process.once(over, () => process.exit(0));
