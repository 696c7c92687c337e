import assert from "node:assert/strict";
import { EgressLockdown, PolicyEngine } from "../../components";
import { versions } from "../../lab/build/goModules";
import type { AnyObject } from "../../lab/proof/cluster";
import { egressNodeAdmission } from "../../plan/azure/egressNodeAdmission";
import { Admission, admission } from "../../plan/egress/lockdown/admission";
import { machine } from "../support/machine";
import { record, run } from "../support/mocks";
import { judged, kubernetesObjects } from "../support/oldestKubernetes";

const ADMISSION = "admissionregistration.k8s.io/v1";

/** As the API server gets them. */
const objectsOf = ({ policy, binding }: Admission): AnyObject[] => [
    { apiVersion: ADMISSION, kind: "ValidatingAdmissionPolicy", ...policy },
    { apiVersion: ADMISSION, kind: "ValidatingAdmissionPolicyBinding", ...binding },
];

/** A policy with one expression. */
const policyOf = (expression: string, more = {}): AnyObject =>
    objectsOf(
        admission({
            name: "try",
            resourceRules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["CREATE"], resources: ["pods"] }],
            variables: [],
            validations: [{ expression, message: "no" }],
            ...more,
        }),
    )[0];

/** Every Kubernetes object of a lockdown with every option that adds objects or expressions. */
async function lockdownObjects(): Promise<AnyObject[]> {
    const recorder = await record();
    await run(
        recorder,
        () =>
            new EgressLockdown("lock", {
                namespaces: ["payments", "idle"],
                gateway: { gatewayName: "door", namespace: "egress" },
                mesh: { namespace: "istio-system" },
                routes: [{ callerNamespaces: ["payments"], hosts: ["api.partner.example"] }],
                policyEngine: PolicyEngine.Cilium,
                gatewayEgress: [{ range: "203.0.113.0/24" }, { namespace: "partner" }, { internet: true }],
                alsoReaches: [{ namespace: "orders", ports: [8080] }],
                scraper: { namespace: "monitoring", podLabels: { app: "prometheus" } },
                nodeDnsRanges: ["169.254.20.10/32"],
                controlPlaneEgress: ["203.0.113.10/32"],
                imageRegistries: ["registry.example", "docker.io/library/nginx"],
                sharedHostsWith: ["egress-eu"],
                allowedKinds: ["monitoring.coreos.com/servicemonitors", "keda.sh/*"],
                allowedAnnotations: ["ad.datadoghq.com"],
                allowedResources: ["vendor.example/fpga"],
                allowedRuntimeClasses: ["gvisor"],
                serviceTypes: ["LoadBalancer"],
                checkSchedule: "17 * * * *",
                administrators: ["egress-team"],
            }),
    );
    return kubernetesObjects(recorder);
}

describe(`an API server of Kubernetes ${versions.oldestKubernetes}`, function () {
    this.timeout(60_000);
    let program: string;

    before(async function () {
        ({ path: program } = await machine.tool(this, "oldest-kubernetes"));
    });

    it("takes every object of a lockdown, and compiles every expression of its admission policies", async () => {
        const objects = [
            ...(await lockdownObjects()),
            ...objectsOf(egressNodeAdmission({ name: "nodes", namespaces: ["egress"] })),
        ];
        const kinds = new Set(objects.map(({ kind }) => kind));
        for (const kind of ["ValidatingAdmissionPolicy", "NetworkPolicy", "Job", "CronJob", "Namespace"]) {
            assert.ok(kinds.has(kind), `no ${kind} among ${[...kinds].join(", ")}`);
        }
        assert.equal(objects.filter(({ kind }) => kind === "ValidatingAdmissionPolicy").length, 10);
        const wrong = await judged(program, objects);
        const told = wrong.flatMap((problems, index) =>
            problems.map((problem) => `${objects[index].kind} ${objects[index].metadata?.name}: ${problem}`),
        );
        assert.deepEqual(told, []);
    });

    /** Functions that Kubernetes' documentation, or its code, gives to a later version. */
    const LATER = [
        "ip('10.0.0.1').family() == 4",
        "cidr('10.0.0.0/8').containsIP('10.0.0.1')",
        "!format.dns1123Label().validate(object.metadata.name).hasValue()",
        "semver('1.0.0').major() == 1",
        "object.metadata.labels.all(k, v, k != v)",
        "[1, 2].sort() == [1, 2]",
    ];
    for (const expression of LATER) {
        it(`refuses ${expression}, which needs a later version`, async () => {
            const [problems] = await judged(program, [policyOf(expression)]);
            assert.match(problems.join("\n"), /compilation failed/);
        });
    }

    it("judges conditions, variables and messages too", async () => {
        const later = "string(ip('10.0.0.1'))";
        const [condition, variable, message, right] = await judged(program, [
            policyOf("true", { matchConditions: [{ name: "later", expression: `${later} != ''` }] }),
            policyOf("variables.later != ''", { variables: [{ name: "later", expression: later }] }),
            policyOf("true", { validations: [{ expression: "true", message: "no", messageExpression: later }] }),
            policyOf("object.metadata.name.lowerAscii() != 'x'"),
        ]);
        assert.match(condition.join(), /spec\.matchConditions\[0\]\.expression: .*compilation failed/s);
        assert.match(variable.join(), /spec\.variables\[0\]\.expression: .*compilation failed/s);
        assert.match(message.join(), /spec\.validations\[0\]\.messageExpression: .*compilation failed/s);
        assert.deepEqual(right, []);
    });

    it("does not know a field of a later version", async () => {
        const [problems] = await judged(program, [
            {
                apiVersion: "v1",
                kind: "Pod",
                metadata: { name: "try" },
                spec: { hostnameOverride: "x", containers: [] },
            },
        ]);
        assert.match(problems.join(), /unknown field "spec\.hostnameOverride"/);
    });
});
