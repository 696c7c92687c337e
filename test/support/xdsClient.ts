import { Client, credentials } from "@grpc/grpc-js";
import { parse } from "protobufjs";

/*
 * Asks istiod for a proxy's clusters as that proxy would (xDS over gRPC), so that a test sees what a proxy gets whose
 * addresses the lab does not have. A message has only the fields that are read here.
 */

// Numbers as in envoy/service/discovery/v3, config/{core,cluster}/v3 and extensions/{clusters,common}/dynamic_forward_proxy/v3.
const { root } = parse(`
    syntax = "proto3";
    message Any { string type_url = 1; bytes value = 2; }
    message Value { oneof kind { string string_value = 3; Struct struct_value = 5; } }
    message Struct { map<string, Value> fields = 1; }
    message Node { string id = 1; string cluster = 2; Struct metadata = 3; }
    message DiscoveryRequest { Node node = 2; string type_url = 4; }
    message DiscoveryResponse { repeated Any resources = 2; }
    message CustomClusterType { string name = 1; Any typed_config = 2; }
    message Cluster { string name = 1; CustomClusterType cluster_type = 38; }
    enum DnsLookupFamily { AUTO = 0; V4_ONLY = 1; V6_ONLY = 2; V4_PREFERRED = 3; ALL = 4; }
    message DnsCacheConfig { string name = 1; DnsLookupFamily dns_lookup_family = 2; }
    message DynamicForwardProxy { DnsCacheConfig dns_cache_config = 1; }
`);

const METHOD = "/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources";
const CLUSTERS = "type.googleapis.com/envoy.config.cluster.v3.Cluster";

export interface PretendedGateway {
    namespace: string;
    labels: Record<string, string>;
    /** Addresses of its pod. The first stands in the proxy's id. */
    addresses: string[];
}

/**
 * The DNS caches of the clusters that istiod makes for such a gateway: the lookup family by the cache's name.
 *
 * @param istiod - Where it serves gRPC without TLS, for example `10.0.0.7:15010`
 */
export async function dnsFamilies(istiod: string, gateway: PretendedGateway): Promise<Record<string, string>> {
    const client = new Client(istiod, credentials.createInsecure());
    try {
        const stream = client.makeBidiStreamRequest(
            METHOD,
            (request: object) => encode("DiscoveryRequest", request),
            (bytes: Buffer) => decode<{ resources?: { value: Uint8Array }[] }>("DiscoveryResponse", bytes),
            { deadline: Date.now() + 30_000 },
        );
        const { resources = [] } = await new Promise<{ resources?: { value: Uint8Array }[] }>((resolve, reject) => {
            stream.once("data", resolve).on("error", reject);
            stream.write({ node: nodeOf(gateway), typeUrl: CLUSTERS });
        });
        stream.cancel();
        return Object.fromEntries(resources.flatMap(({ value }) => dnsCache(value)));
    } finally {
        client.close();
    }
}

function nodeOf({ namespace, labels, addresses }: PretendedGateway): object {
    const text = (stringValue: string) => ({ stringValue });
    const fields = Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, text(value)]));
    return {
        id: `router~${addresses[0]}~pretended.${namespace}~${namespace}.svc.cluster.local`,
        cluster: `pretended.${namespace}`,
        metadata: {
            fields: {
                CLUSTER_ID: text("Kubernetes"),
                INSTANCE_IPS: text(addresses.join(",")),
                LABELS: { structValue: { fields } },
                NAMESPACE: text(namespace),
            },
        },
    };
}

function dnsCache(cluster: Uint8Array): [string, string][] {
    const { clusterType } = decode<{ clusterType?: { typedConfig: { value: Uint8Array } } }>("Cluster", cluster);
    if (clusterType === undefined) {
        return [];
    }
    const { dnsCacheConfig: cache } = decode<{ dnsCacheConfig?: { name: string; dnsLookupFamily: string } }>(
        "DynamicForwardProxy",
        clusterType.typedConfig.value,
    );
    return cache ? [[cache.name, cache.dnsLookupFamily]] : [];
}

function encode(message: string, value: object): Buffer {
    const type = root.lookupType(message);
    return Buffer.from(type.encode(type.fromObject(value)).finish());
}

function decode<Message>(message: string, bytes: Uint8Array): Message {
    const type = root.lookupType(message);
    return type.toObject(type.decode(bytes), { enums: String, defaults: false }) as Message;
}
