import { Step } from "../../report/steps";
import { route, step, steps, urn } from "./previewSteps";

/** Of a pull request that takes one host away, changes one and adds one, and renews a certificate. */
export function fewHosts(): Step[] {
    const before = [...route(["old.partner.example"]), ...route(["api.partner.example"]), ...unchanged()];
    const after = [
        ...route(["api.partner.example"], {
            credential: "partner-b",
            allowFrom: [{ namespace: "payments", serviceAccounts: ["billing", "refunds"] }],
        }),
        ...unchanged(),
        ...route(["new.partner.example"]),
    ];
    const certificate = urn("tls:index/locallySignedCert:LocallySignedCert", "chain-client-partner");
    const inputs = { validityPeriodHours: 2160 };
    const pool = (version: string) => ({
        nodeTaints: ["mesh-egress.io/pool=egress:NoSchedule"],
        orchestratorVersion: version,
    });
    return [
        ...steps(before, after),
        step("replace", certificate, inputs, inputs, { validityEndTime: "2026-01-20T10:00:00Z" }),
        step(
            "update",
            urn("azure-native:containerservice:AgentPool", "aks-egress-pool"),
            ...([pool("1.34"), pool("1.35")] as const),
        ),
    ];
}

function unchanged() {
    return route(["same.partner.example"], { allowFrom: [{ namespace: "shop" }] });
}

/** Of a pull request that changes one host of 300. */
export function manyHosts(count = 300): Step[] {
    const before = hostNames(count).flatMap((host, index) =>
        route([host], { allowFrom: [{ namespace: `team${index % 50}`, serviceAccounts: ["app"] }] }),
    );
    const objects = before.length / count;
    return steps(before, [...before.slice(objects), ...route(["new.partner.example"])]);
}

export function hostNames(count: number): string[] {
    return Array.from({ length: count }, (_, index) => `h${index}.partner${index % 40}.example`);
}
