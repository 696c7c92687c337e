import { AuthorizationPolicy } from "../objects/authorizationPolicy";
import { DestinationRule } from "../objects/destinationRule";
import { Gateway } from "../objects/gateway";
import { MeshConfig } from "../objects/meshConfig";
import { NetworkPolicy } from "../objects/networkPolicy/networkPolicy";
import { Secret } from "../objects/secret";
import { Service } from "../objects/service";
import { ServiceEntry } from "../objects/serviceEntry";
import { Sidecar } from "../objects/sidecar";
import { VirtualService } from "../objects/virtualService";
import { Workload } from "../objects/workload";
import { ReviewContext } from "../reviewContext";
import { RawObject } from "../rawObject";
import { SkippedObject } from "../readObjects";
import { GatewayPods } from "./gatewayPods";
import { HostIndex } from "./hostIndex";
import { Namespaces } from "./namespaces";

/** A set of objects by kind, with what finds them by host or name. */
export interface Inventory {
    context: ReviewContext;
    rootNamespace: string;
    objects: RawObject[];
    /** All of them by kind. */
    kinds: KindOfObjects[];
    /** The objects of a kind; the group is empty for Kubernetes' own core. */
    ofKind: (group: string, kind: string) => RawObject[];
    serviceEntries: ServiceEntry[];
    entriesByHost: HostIndex<ServiceEntry>;
    destinationRules: DestinationRule[];
    rules: RuleIndex;
    /** With the routes of the Gateway API, and with delegates' routes in their place. */
    virtualServices: VirtualService[];
    routesByHost: HostIndex<VirtualService>;
    gateways: Gateway[];
    gatewaysById: Map<string, Gateway>;
    /** By a Gateway's id; also of Gateways that are not in the set, as far as routes show it. */
    gatewayPods: Map<string, GatewayPods>;
    /** Where gateways' pods are. */
    gatewayNamespaces: Set<string>;
    services: Service[];
    servicesByHost: Map<string, Service>;
    workloads: Workload[];
    secrets: Secret[];
    secretsByName: Map<string, Secret[]>;
    sidecars: Sidecar[];
    authorizationPolicies: AuthorizationPolicy[];
    meshConfigs: MeshConfig[];
    networkPolicies: NetworkPolicy[];
    namespaces: Namespaces;
    /** What was read, but not understood. */
    notes: SkippedObject[];
}

/** The objects of a kind; the group is empty for Kubernetes' own core. */
export interface KindOfObjects {
    group: string;
    kind: string;
    objects: RawObject[];
}

/** DestinationRules by host and by the namespace that they are in. */
export interface RuleIndex {
    byHost: HostIndex<DestinationRule>;
    ofNamespace: (namespace: string) => HostIndex<DestinationRule>;
}
