import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ObjectSpec, PackageSchema, ValueSpec, isEnum, referredType } from "../../../plan/arguments/packageSchema";
import { readDescription } from "../../../scripts/reference/description";
import { lastPart } from "../../../scripts/reference/tables";

const SCHEMA = JSON.parse(readFileSync(join(__dirname, "../../../schema.json"), "utf8")) as PackageSchema;

/** Arguments without an example, by the reason why their value is obvious: a property's name, or `<type>.<property>`. */
const OBVIOUS: Record<string, string[]> = {
    "the name of an object, as its author chose it": [
        "certificateSecret",
        "credential",
        "gatewayName",
        "gatewayNamespace",
        "name",
        "namespace",
        "nodePool",
        "secretName",
        "serverNamespace",
        "serverSecret",
        "serviceAccount",
    ],
    "PEM text": ["certificate", "clientCa", "crl", "privateKey", "serverCa"],
    "a component, or fields with the names of its outputs": [
        "EgressLockdown.routes",
        "MtlsServerVm.address",
        "gateway",
        "mesh",
    ],
    "an output of another component": [
        "LockdownMesh.revision",
        "MachineAddress.id",
        "MachineAddress.ipAddress",
        "MeshReference.revision",
        "apiServerSubnetId",
        "egressPrefixId",
        "egressSubnetId",
        "gatewayChart",
        "nodeSubnetId",
        "resourceGroupName",
        "routeTableIds",
    ],
    "Azure resource ids, with the command that prints each in its error": [
        "ExistingRouteTables.egress",
        "ExistingRouteTables.nodes",
        "ExistingSubnets.apiServer",
        "ExistingSubnets.egress",
        "ExistingSubnets.nodes",
        "existingSubnets",
        "routeTables",
    ],
    "free text": ["GatewayToleration.value", "indexPage", "organization"],
};

/** The public arguments: the inputs of every component and the fields of every type of theirs. */
function publicArguments(): { owner: string; property: string; spec: ValueSpec }[] {
    const inputs = Object.entries(SCHEMA.resources).map(([token, { inputProperties }]): [string, object] => [
        token,
        inputProperties ?? {},
    ]);
    const reached = new Map<string, ObjectSpec>();
    const visit = (spec: ValueSpec): void => {
        for (const inner of [spec.items, spec.additionalProperties]) {
            if (inner) {
                visit(inner);
            }
        }
        const type = referredType(SCHEMA, spec);
        if (type && !isEnum(type) && !reached.has(spec.$ref!)) {
            reached.set(spec.$ref!, type);
            Object.values(type.properties).forEach(visit);
        }
    };
    inputs.forEach(([, properties]) => Object.values(properties as Record<string, ValueSpec>).forEach(visit));
    const types = [...reached].map(([ref, { properties }]): [string, object] => [ref, properties]);
    return [...inputs, ...types].flatMap(([token, properties]) =>
        Object.entries(properties as Record<string, ValueSpec>).map(([property, spec]) => ({
            owner: lastPart(token),
            property,
            spec,
        })),
    );
}

/** Whether the type alone says which values there are: a number, a boolean or an enum. */
function saysItself(spec: ValueSpec): boolean {
    const type = referredType(SCHEMA, spec);
    return ["number", "integer", "boolean"].includes(spec.type ?? "") || (type !== undefined && isEnum(type));
}

describe("public arguments", () => {
    const all = publicArguments();
    const listed = Object.values(OBVIOUS).flat();
    const without = all.filter(
        ({ spec }) => !saysItself(spec) && readDescription(spec.description).example === undefined,
    );

    it("have a description", () => {
        assert.deepEqual(
            all.filter(({ spec }) => !spec.description).map(({ owner, property }) => `${owner}.${property}`),
            [],
        );
    });

    it("have an example, unless their value is obvious; if not: add an @example to the doc comment", () => {
        const missing = without.filter(
            ({ owner, property }) => !listed.includes(property) && !listed.includes(`${owner}.${property}`),
        );
        assert.deepEqual(
            missing.map(({ owner, property }) => `${owner}.${property}`),
            [],
        );
    });

    it("are listed as obvious only where one of them has no example", () => {
        const used = new Set(without.flatMap(({ owner, property }) => [property, `${owner}.${property}`]));
        assert.deepEqual(
            listed.filter((entry) => !used.has(entry)),
            [],
        );
    });

    it("have examples of three lines at most", () => {
        const long = all.filter(({ spec }) => (readDescription(spec.description).example ?? "").split("\n").length > 3);
        assert.deepEqual(
            long.map(({ owner, property }) => `${owner}.${property}`),
            [],
        );
    });
});
