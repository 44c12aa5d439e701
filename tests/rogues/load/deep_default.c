/* Its default is nested as deep as a document may be. Nothing is wrong with that, though the
   description around it makes it deeper. */
#define PARAM_TYPE JH_PARAM_JSON
#define PARAM_DEFAULT JH_TEXT("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")
#define PARAM_SCHEMA JH_TEXT("")
#include "sound.h"
