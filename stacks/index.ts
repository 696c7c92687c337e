import { readConfig } from "./config";
import { deployEnvironment } from "./environment";

export = deployEnvironment(readConfig());
