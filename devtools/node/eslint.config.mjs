/**
 * Rules for the module's scripts. The packages are installed in the work folder, so they
 * are found from there rather than from this file.
 */
import { createRequire } from "node:module";

const require = createRequire(new URL("../../.dev/node/package.json", import.meta.url));
const js = require("@eslint/js");
const globals = require("globals");

export default [
    js.configs.recommended,
    {
        languageOptions: {
            ecmaVersion: 2022,
            sourceType: "module",
            globals: { ...globals.browser, odoo: "readonly" },
        },
        rules: {
            "array-callback-return": "error",
            "no-console": "error",
            "no-eval": "error",
            "no-implied-eval": "error",
            "no-new-func": "error",
            "no-restricted-globals": ["error", "event"],
            "no-shadow": "error",
            "no-unused-vars": ["error", { args: "none" }],
            "no-var": "error",
            "prefer-const": "error",
            curly: "error",
            eqeqeq: "error",
        },
    },
    {
        files: ["devtools/node/**"],
        languageOptions: { globals: globals.node },
    },
];
