import { validateRange } from "../shared/addressRange";
import { Violation, under } from "../shared/violation";
import { ResolvedNetwork } from "./resolvedNetwork";
import { ExistingSubnets, NetworkPeering } from "./networkOptions";
import { OutboundControl } from "./outboundControl";
import { validateResourceId } from "./resourceId";

type Given = Pick<
    ResolvedNetwork,
    | "virtualNetworkId"
    | "existingSubnets"
    | "peerings"
    | "routeTables"
    | "outboundControl"
    | "subnets"
    | "natGateway"
    | "deleteLock"
>;

/** Refuses existing parts of a network that have the wrong kind or cannot be combined. */
export function validateExistingNetwork(given: Given): Violation[] {
    const { virtualNetworkId, existingSubnets, peerings, routeTables } = given;
    return [
        ...(virtualNetworkId === undefined
            ? []
            : validateResourceId("virtualNetwork", "virtualNetworkId", virtualNetworkId)),
        ...(existingSubnets ? under("existingSubnets", validateSubnets(existingSubnets)) : []),
        ...peerings.flatMap((peering, index) => under(`peerings[${index}]`, validatePeering(peering, index, peerings))),
        ...(routeTables
            ? under("routeTables", [
                  ...validateResourceId("routeTable", "nodes", routeTables.nodes),
                  ...validateResourceId("routeTable", "egress", routeTables.egress),
              ])
            : []),
        ...validateCombination(given),
    ];
}

function validateSubnets({ nodes, egress, apiServer, egressPrefix }: ExistingSubnets): Violation[] {
    return [
        ...validateResourceId("subnet", "nodes", nodes),
        ...validateResourceId("subnet", "egress", egress),
        ...validateResourceId("subnet", "apiServer", apiServer),
        ...validateRange("egressPrefix", egressPrefix),
    ];
}

function validatePeering(
    { name, virtualNetworkId }: NetworkPeering,
    index: number,
    all: NetworkPeering[],
): Violation[] {
    const first = all.findIndex((other) => other.name === name);
    return [
        ...validateResourceId("virtualNetwork", "virtualNetworkId", virtualNetworkId),
        ...(/^[A-Za-z0-9]([\w.-]{0,78}\w)?$/.test(name)
            ? []
            : [
                  {
                      path: "name",
                      value: name,
                      problem: "is not a name that Azure accepts for a peering",
                      expected:
                          "1 to 80 letters, digits, dots, hyphens and underscores, starting with a letter or digit",
                      fix: 'Name it after the other network, for example "hub"',
                  },
              ]),
        ...(first === index
            ? []
            : [
                  {
                      path: "name",
                      value: name,
                      problem: `is already the name of peerings[${first}]`,
                      expected: "a unique name for each peering",
                      fix: "Rename one of the two",
                  },
              ]),
    ];
}

function validateCombination(given: Given): Violation[] {
    const { existingSubnets, virtualNetworkId, routeTables, outboundControl, peerings, subnets } = given;
    const made = (path: string, isGiven: boolean, problem: string): Violation[] =>
        isGiven ? [{ path, problem, expected: "one of the two", fix: `Remove ${path}, or existingSubnets` }] : [];
    const wantsTables = outboundControl === OutboundControl.Routes && existingSubnets === undefined;
    return [
        ...(existingSubnets
            ? [
                  ...made(
                      "virtualNetworkId",
                      virtualNetworkId !== undefined,
                      "has no effect: the subnets exist already",
                  ),
                  ...made("subnets", Object.keys(subnets).length > 0, "cannot be created: the subnets exist already"),
                  ...made(
                      "peerings",
                      peerings.length > 0,
                      "cannot be created: this program does not manage the network of the existing subnets",
                  ),
                  ...made(
                      "deleteLock",
                      given.deleteLock && given.natGateway,
                      "has no effect: this program does not manage the prefix",
                  ),
                  ...made("routeTables", routeTables !== undefined, "has no effect: the subnets have their own"),
                  ...(outboundControl === OutboundControl.Firewall || outboundControl === OutboundControl.Nsg
                      ? [
                            {
                                path: "outboundControl",
                                value: outboundControl,
                                problem: "cannot be set up for existing subnets",
                                expected: "routes, if your own firewall restricts the nodes, or open",
                                fix: "Set outboundControl to routes",
                            },
                        ]
                      : []),
              ]
            : []),
        ...(wantsTables && routeTables === undefined
            ? [
                  {
                      path: "routeTables",
                      problem: "are missing, but outboundControl routes needs them",
                      expected: "the ids of the route tables for the nodes and for the egress nodes",
                      fix: "Set routeTables.nodes and routeTables.egress",
                  },
              ]
            : []),
        ...(routeTables !== undefined && existingSubnets === undefined && !wantsTables
            ? [
                  {
                      path: "routeTables",
                      problem: `have no effect, because outboundControl is ${outboundControl}`,
                      expected: "outboundControl: routes",
                      fix: "Set outboundControl to routes, or remove them",
                  },
              ]
            : []),
    ];
}
