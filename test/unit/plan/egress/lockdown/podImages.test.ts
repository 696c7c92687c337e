import assert from "node:assert/strict";
import fc from "fast-check";
import { imageValidation, validateImageRegistries } from "../../../../../plan/egress/lockdown/podImages";
import { label } from "../../../../support/arbitraries";

const refused = (registries: string[]) => validateImageRegistries("imageRegistries", registries);

describe("imageRegistries", () => {
    it("accepts registries of one's own, and organizations of public ones", () => {
        fc.assert(
            fc.property(label(), (name) => {
                assert.deepEqual(refused([`${name}.example`, `${name}.example:5000/a/b`, `docker.io/${name}`]), []);
            }),
        );
    });

    it("refuses none, and a registry in which anybody has a repository", () => {
        assert.equal(refused([]).length, 1);
        for (const registry of ["docker.io", "ghcr.io", "quay.io", "public.ecr.aws"]) {
            const [violation] = refused(["registry.example", registry]);
            assert.equal(violation.path, "imageRegistries[1]");
            assert.match(violation.fix, new RegExp(`${registry}/`));
        }
    });

    it("refuses what is no beginning of a full name", () => {
        for (const bad of [
            "",
            "*",
            "nginx",
            "https://registry.example",
            "registry.example/",
            "Registry.example",
            "a.b/C",
        ]) {
            assert.equal(refused([bad]).length, 1, bad);
        }
    });

    it("compares whole parts of a name", () => {
        const { expression } = imageValidation(["registry.example/a"], []);
        assert.ok(expression.includes('["registry.example/a/","registry.example/a:","registry.example/a@"]'));
    });
});
