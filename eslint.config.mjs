import js from "@eslint/js";
import prettier from "eslint-config-prettier";
import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["bin/", "node_modules/"] },
    js.configs.recommended,
    ...tseslint.configs.recommendedTypeChecked,
    prettier,
    {
        languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
        rules: {
            // Creating a resource is done for its effect on the engine; the object is often not needed.
            "no-new": "off",
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
        },
    },
    {
        // The core decides, and must be testable without an engine.
        files: ["plan/**"],
        rules: {
            "no-restricted-imports": [
                "error",
                {
                    patterns: [
                        {
                            group: ["@pulumi/*", "**/components/**"],
                            message: "plan/ is pure: plain values in, plain objects or refusals out.",
                        },
                    ],
                },
            ],
        },
    },
    {
        // These have a tsconfig.json of their own, for a folder where the package is installed.
        files: ["examples/*/typescript/*.ts"],
        languageOptions: { parserOptions: { projectService: false, project: "./tsconfig.json" } },
    },
    { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
);
