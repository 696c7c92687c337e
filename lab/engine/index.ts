export { engineEnvironment, type EngineEnvironmentOptions } from "./engineEnvironment";
export { type EngineChoice, findEngine, type FindEngineOptions } from "./findEngine";
export { findPlugins, type FindPluginsOptions, type PluginChoice } from "./findPlugins";
export { pulumiHome } from "./folders";
export { languageFolder } from "./languages";
export { commandOf, openStack, type OpenStackOptions } from "./openStack";
