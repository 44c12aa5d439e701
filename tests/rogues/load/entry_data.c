/* Exports data under the name of the entry. The host refuses it without calling it. */
extern const long jobhost_plugin_v1[4];

__attribute__((visibility("default"))) const long jobhost_plugin_v1[4] = {1, 2, 3, 4};
