import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type GuardedRoute, route } from './guarded-routes.js';
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

const FILES: readonly string[] = ['swagger-ui.css', 'swagger-ui-bundle.js'];

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

/** `/openapi.json`, `/docs`, and what that page is made of. */
export function docsRoutes(): GuardedRoute[] {
  let document: string | undefined;
  const folder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

  const openapi = route('openapi', (_request, response) => {
    document ??= JSON.stringify(openApiDocument());
    response.type('application/json').set('Cache-Control', 'no-cache').send(document);
  });
  const docs = route('docs', (_request, response) => {
    response.set('Content-Security-Policy', POLICY).type('html').send(PAGE);
  });
  const file = route('docs-file', ({ params }, response, next) => {
    if (params.file === 'open.js') response.type('text/javascript').send(OPEN);
    else if (FILES.includes(params.file)) response.sendFile(params.file, { root: folder, maxAge: '1d' });
    else next('route');
  });
  return [openapi, docs, file];
}
