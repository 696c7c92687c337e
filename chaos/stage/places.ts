import { Behaviour } from "../partner/behaviour";

/** Namespace of those who call. */
export const APPS = "chaos-apps";
export const GATEWAY = { name: "chaos-egress", namespace: "chaos-egress" };
export const GUIDES = { name: "chaos-guides", namespace: "chaos-guides" };
/** The Envoy that is configured by hand, and the port that it listens on. */
export const HAND = { name: "chaos-hand", namespace: "chaos-hand" };
export const HAND_PORT = 8080;
/** What is hit by a fault of gateways: ours first. */
export const GATEWAYS = [GATEWAY, GUIDES, HAND];
/** Namespace of the service by whose name the partner is dialled. */
export const PARTNERS = "chaos-partner";
export const PARTNER_SERVICE = `partner.${PARTNERS}.svc.cluster.local`;
/** Revision of the second control plane. */
export const CANARY = "canary";
/** Tag that namespaces are moved to it by. */
export const CANARY_TAG = "next";
export const CREDENTIAL = "chaos-client";
export const GUIDES_CREDENTIAL = "chaos-guides-client";

/** The partner's hosts by how it behaves for them. */
export const HOSTS = Object.fromEntries(
    Object.values(Behaviour).map((behaviour) => [behaviour, `${behaviour}.chaos.example`]),
) as Record<Behaviour, string>;

/** Hosts that have no TLS server behind them: one where nobody listens, and one where nobody speaks. */
export const CLOSED_HOST = "closed.chaos.example";
export const HALF_OPEN_HOST = "halfopen.chaos.example";
/** The host that some scenarios have a `StrictServer` for. */
export const STRICT_HOST = "strict.chaos.example";

/** The partner's host as the hand-written Envoy knows it; its callers call a Service of the cluster instead. */
export const HAND_HOST = "hand.chaos.example";

/** What is called in one run, by whose configuration it goes through. */
export const SIDES = {
    ours: HOSTS.api,
    guides: "guides.chaos.example",
    hand: `${HAND.name}.${HAND.namespace}.svc.cluster.local`,
};
export type Side = keyof typeof SIDES;

/** The hosts that the guides' layout has. */
export const GUIDES_HOSTS = [SIDES.guides, "forgetful.guides.example"];
