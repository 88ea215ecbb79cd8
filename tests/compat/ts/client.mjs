// Drives the unmodified client: `node client.mjs CALLS`, where CALLS is JSON [[verb, arguments], …].
// Each call prints one line of JSON, {"value": …} or {"error": {message, status, errors}}; the first error ends the run.
// The server, the key and the space come from OCTOPUS_URL, OCTOPUS_API_KEY and OCTOPUS_SPACE.
import api from "@octopusdeploy/api-client";

const space = process.env.OCTOPUS_SPACE;
const client = await connect();

const verbs = {
  // Any method of any repository; runbooks' take the project too.
  call: ({ repository, method, parameters, project }) =>
    new api[repository](...(repository === "SpaceRepository" ? [client] : [client, space, project]))[method](...parameters),
  server: () => client.getServerInformation(),
  user: () => api.userGetCurrent(client),
  spaces: (wanted) => new api.SpaceRepository(client).list(wanted),
  environments: (wanted) => new api.EnvironmentRepository(client, space).list(wanted),
  createEnvironment: (wanted) => new api.EnvironmentRepository(client, space).create(wanted),
  modifyEnvironment: (wanted) => new api.EnvironmentRepository(client, space).modify(wanted),
  deleteEnvironment: (wanted) => new api.EnvironmentRepository(client, space).del(wanted),
  lifecycles: (wanted) => new api.LifecycleRepository(client, space).list(wanted),
  projectGroups: (wanted) => new api.ProjectGroupRepository(client, space).list(wanted),
  projects: (wanted) => new api.ProjectRepository(client, space).list(wanted),
  createProject: (wanted) => new api.ProjectRepository(client, space).create(wanted),
  process: ({ project }) => new api.DeploymentProcessRepository(client, space).get(project),
  push: ({ files, mode }) => new api.PackageRepository(client, space).push(files, mode),
  packages: (wanted) => new api.PackageRepository(client, space).list(wanted),
  createRelease: (command) => new api.ReleaseRepository(client, space).create({ spaceName: space, ...command }),
  release: ({ id }) => new api.ReleaseRepository(client, space).get(id),
  releases: ({ project, ...wanted }) => new api.ReleaseRepository(client, space).listForProject(project, wanted),
  deploy: (command) => new api.DeploymentRepository(client, space).create({ spaceName: space, ...command }),
  deployment: ({ id }) => new api.DeploymentRepository(client, space).get(id),
  deployments: (wanted) => new api.DeploymentRepository(client, space).list(wanted),
  wait,
  task: ({ id }) => new api.SpaceServerTaskRepository(client, space).getById(id),
  details: ({ id }) => new api.SpaceServerTaskRepository(client, space).getDetails(id),
  raw: ({ id }) => new api.SpaceServerTaskRepository(client, space).getRaw(id),
};

for (const [verb, wanted] of JSON.parse(process.argv[2])) {
  try {
    print({ value: (await verbs[verb](wanted)) ?? null });
  } catch (error) {
    fail(error);
  }
}

async function connect() {
  try {
    return await api.Client.create({
      userAgentApp: "polpo-tests",
      instanceURL: process.env.OCTOPUS_URL,
      apiKey: process.env.OCTOPUS_API_KEY,
    });
  } catch (error) {
    return fail(error);
  }
}

// Milliseconds: how often the waiter asks, and when it gives up.
async function wait({ tasks, every = 200, bound = 60000, cancel = false }) {
  const states = {};
  const seen = (task) => {
    const known = (states[task.Id] ??= []);
    if (known.at(-1) !== task.State) known.push(task.State);
  };
  const waiter = new api.ServerTaskWaiter(client, space, { maxRetries: 0 });
  const ended = await waiter.waitForServerTasksToComplete(tasks, every, bound, seen, cancel);
  return { ended, states };
}

function print(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function fail(error) {
  print({ error: { message: error.ErrorMessage ?? error.message, status: error.StatusCode, errors: error.Errors } });
  process.exit(1);
}
