// Serves the market's tables by PostGraphile: node serve.mjs HOST PORT, with the database in BESIDE_POSTGRES.
//
// As somebody sets it up who wants it fast: one process for each processor, no GraphiQL, nothing watched, no explaining,
// answers written as text, prepared statements that are planned once, and no compiling of them by Postgres.
import cluster from 'node:cluster';
import { createServer } from 'node:http';
import { availableParallelism } from 'node:os';

const [host, port] = process.argv.slice(2);

async function serve() {
  // Read by those who serve alone: the process above them stays small.
  const { postgraphile } = await import('postgraphile');
  const { makePgService } = await import('postgraphile/adaptors/pg');
  const { grafserv } = await import('postgraphile/grafserv/node');
  const { PostGraphileAmberPreset } = await import('postgraphile/presets/amber');
  const instance = postgraphile({
    extends: [PostGraphileAmberPreset],
    pgServices: [
      makePgService({
        connectionString: process.env.BESIDE_POSTGRES,
        schemas: ['public'],
        pubsub: false,
        poolConfig: { max: 16, options: '-c jit=off -c plan_cache_mode=force_generic_plan -c work_mem=64MB' },
      }),
    ],
    gather: { installWatchFixtures: false },
    schema: { defaultBehavior: '+list' },
    grafast: { explain: false },
    grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false, websockets: false, outputDataAsString: true },
  });
  const server = createServer();
  server.keepAliveTimeout = 60_000;
  await instance.createServ(grafserv).addTo(server);
  await instance.getSchema();
  server.listen(Number(port), host);
}

if (cluster.isPrimary) {
  for (let i = 0; i < availableParallelism(); i++) cluster.fork();
  cluster.on('exit', (_, code) => process.exit(code ?? 1)); // a worker that fails ends all
  process.on('SIGTERM', () => process.exit(0)); // which ends the workers
} else {
  await serve();
}
