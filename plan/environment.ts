import { allowsCaller } from "./caller";
import { ChainRequest, refuseChain } from "./chain";
import { GatewayRequest, refuseGateway } from "./gateway";
import { refuseSharedHosts } from "./host";
import { MeshRequest, refuseMesh } from "./mesh";
import { ServerRequest, refuseServer } from "./mtlsServer";
import { refuseLabel, refuseSecretName } from "./names";
import { ProbeRequest, refuseProbe } from "./probe";
import { Refusal, under } from "./refusal";
import { traits } from "./route/modes";
import { refuseRoute } from "./route/refuseRoute";
import { RouteShape, hostClaim } from "./route/route";

export interface EnvironmentRequest {
    mesh: MeshRequest;
    gateway: Omit<GatewayRequest, "meshNamespace">;
    chain: ChainRequest;
    server?: ServerRequest;
    routes: (RouteShape & { name: string; hasServerCa: boolean })[];
    callerNamespaces: string[];
    probe?: ProbeRequest & { serviceAccount: string };
}

/** Everything that its parts would refuse, and what only shows when they are seen together. */
export function refuseEnvironment(request: EnvironmentRequest): Refusal[] {
    const { mesh, gateway, chain, server, routes, probe } = request;
    return [
        ...under("mesh", refuseMesh(mesh)),
        ...under("gateway", refuseGateway({ ...gateway, meshNamespace: mesh.namespace })),
        // The names in the chain are those of the server and the routes, and are refused there.
        ...under("certificates", refuseChain({ clients: [], lifetimes: chain.lifetimes })),
        ...(server ? under("server", refuseServer(server)) : []),
        ...routes.flatMap((route, index) => under(`routes[${index}]`, refuseEnvironmentRoute(request, index, route))),
        ...refuseSharedHosts(routes.map((route, index) => ({ path: `routes[${index}]`, ...hostClaim(route) }))),
        ...request.callerNamespaces.flatMap((name, index) =>
            refuseLabel(`callerNamespaces[${index}]`, name, "a namespace"),
        ),
        ...refuseSharedNamespaces(request),
        ...(probe && routes.length > 0
            ? under("probe", [...refuseProbe(probe), ...refuseUnallowedProbe(probe, routes)])
            : []),
    ];
}

function refuseEnvironmentRoute(
    { routes, server }: EnvironmentRequest,
    index: number,
    route: EnvironmentRequest["routes"][number],
): Refusal[] {
    const first = routes.findIndex(({ name }) => name === route.name);
    const twice: Refusal[] =
        first === index
            ? []
            : [
                  {
                      path: "name",
                      value: route.name,
                      problem: `is already the name of routes[${first}]`,
                      expected: "another name for each route",
                      fix: "Rename one of the two, or put their hosts into one route",
                  },
              ];
    const foreign = route.hosts.find((host) => !server?.hosts.includes(host));
    const { originates } = traits(route.mode);
    const withoutCa: Refusal[] =
        route.hasServerCa || foreign === undefined || originates !== "MUTUAL"
            ? []
            : [
                  {
                      path: "serverCa",
                      problem: `is missing, and ${JSON.stringify(foreign)} is not a host of the environment's own server`,
                      expected: "the CA certificates of the partner's servers",
                      fix: "Set serverCa to the PEM text of the CA that the partner named",
                  },
              ];
    const uselessCa: Refusal[] =
        route.hasServerCa && !originates
            ? [
                  {
                      path: "serverCa",
                      problem: `means nothing in mode ${route.mode}, where no proxy verifies the server`,
                      expected: "no serverCa, or a mode that originates TLS",
                      fix: "Leave it out, or choose mutualTls or simpleTls",
                  },
              ]
            : [];
    return [
        ...refuseLabel("name", route.name, "a route"),
        ...refuseSecretName("name", route.name),
        ...twice,
        ...refuseRoute(route),
        ...withoutCa,
        ...uselessCa,
    ];
}

function refuseSharedNamespaces({ mesh, gateway, server, callerNamespaces }: EnvironmentRequest): Refusal[] {
    const taken = new Map([
        [mesh.namespace, "the mesh"],
        [gateway.namespace, "the gateway"],
    ]);
    const named = [
        ...(server ? [{ path: "server.namespace", namespace: server.namespace, what: "the server" }] : []),
        ...callerNamespaces.map((namespace, index) => ({
            path: `callerNamespaces[${index}]`,
            namespace,
            what: "callers",
        })),
    ];
    return named.flatMap(({ path, namespace, what }) => {
        const owner = taken.get(namespace);
        taken.set(namespace, owner ?? what);
        return owner === undefined
            ? []
            : [
                  {
                      path,
                      value: namespace,
                      problem: `is already the namespace of ${owner}`,
                      expected: "a namespace of its own",
                      fix: "Choose another namespace",
                  },
              ];
    });
}

function refuseUnallowedProbe(probe: NonNullable<EnvironmentRequest["probe"]>, routes: RouteShape[]): Refusal[] {
    if (routes.some((route) => allowsCaller(route.allowFrom, probe.namespace, probe.serviceAccount))) {
        return [];
    }
    return [
        {
            path: "serviceAccount",
            value: probe.serviceAccount,
            problem: `of namespace ${JSON.stringify(probe.namespace)} is in no route's allowFrom, so nothing would be probed`,
            expected: "a service account that at least one route allows",
            fix: "Add it to the allowFrom of the routes to probe",
        },
    ];
}
