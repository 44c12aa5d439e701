/* Exports the right name, but no function. */
__attribute__((visibility("default"))) const int jobhost_plugin_v1 = 1;
