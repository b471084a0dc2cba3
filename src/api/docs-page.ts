import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type Response, Router } from 'express';
import { allowOnly } from './methods.js';
import { openApiDocument } from './openapi/document.js';

/** Swagger UI from this process alone; its styles are set by script, so that nothing inline is needed. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Airworthy API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/open.js"></script>
</body>
</html>
`;

const OPEN = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: -1,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** `/openapi.json` and `/docs`. */
export function docsRoutes(): Router {
  const router = Router();
  let document: string | undefined;
  const serve = (path: string, send: (response: Response) => void): void => {
    const route = router.route(path);
    route.get((_request, response) => send(response));
    route.all(allowOnly('GET'));
  };

  serve('/openapi.json', (response) => {
    document ??= JSON.stringify(openApiDocument());
    response.type('application/json').set('Cache-Control', 'no-cache').send(document);
  });
  serve('/docs', (response) => {
    response.set('Content-Security-Policy', POLICY).type('html').send(PAGE);
  });
  serve('/docs/open.js', (response) => {
    response.type('text/javascript').send(OPEN);
  });
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  for (const file of ['swagger-ui.css', 'swagger-ui-bundle.js']) {
    serve(`/docs/${file}`, (response) => response.sendFile(file, { root: folder, maxAge: '1d' }));
  }
  return router;
}
