/* The library that missing_dependency needs. It is built where no loader looks. */
void rogue_dependency(void);
void rogue_dependency(void) {}
