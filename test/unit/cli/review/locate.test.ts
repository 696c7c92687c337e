import assert from "node:assert/strict";
import { objectsIn } from "../../../../cli/input/objects";
import { readDocuments } from "../../../../cli/input/yamlDocuments";
import { Locator, keysOf } from "../../../../cli/review/locate";

const TEXT = `# first line
apiVersion: v1
kind: Service
metadata: { name: one, namespace: n }
---
apiVersion: v1
kind: List
items:
  - apiVersion: v1
    kind: Service
    metadata:
      name: two
      namespace: n
      annotations:
        a.b/c: text
    spec:
      ports:
        - port: 80
        - port: 443
`;

const locator = new Locator(readDocuments(TEXT).documents.flatMap((document) => objectsIn("a.yaml", document).objects));
const lineOf = (name: string, path: string) =>
    locator.find({ apiVersion: "v1", kind: "Service", namespace: "n", name }, path)?.line;

describe("Locator", () => {
    it("finds the line of a property, in a List too", () => {
        assert.equal(lineOf("two", "spec.ports[1]"), 19);
        assert.equal(lineOf("two", "spec.ports[1].port"), 19);
        assert.equal(lineOf("two", 'metadata.annotations["a.b/c"]'), 15);
        assert.equal(lineOf("one", "metadata.name"), 4);
    });

    it("gives the nearest thing around a property that is missing", () => {
        assert.equal(lineOf("two", "spec.ports[7].name"), 17);
        assert.equal(lineOf("two", "spec.selector.app"), 16);
        assert.equal(lineOf("one", "spec.selector"), 2);
    });

    it("has no line for an object that was not read from a file", () => {
        assert.equal(lineOf("three", "spec"), undefined);
    });
});

describe("keysOf", () => {
    it("splits a path into names and indexes, and leaves the dots of a quoted key alone", () => {
        assert.deepEqual(keysOf('spec.servers[0].tls["a.b"]'), ["spec", "servers", 0, "tls", "a.b"]);
    });
});
