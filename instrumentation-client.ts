import { config } from "zod/v4/core";

// Before the first schema is made: Zod would try whether it may compile them, which the content security policy reports.
config({ jitless: true });
