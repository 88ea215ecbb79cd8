/** What a trail is narrowed to, by the names that the API and the address share. */
export const FILTERS = [
  "users",
  "eventGroups",
  "eventCategories",
  "eventAgents",
  "documentTypes",
  "projects",
  "environments",
  "tenants",
  "spaces",
  "regarding",
  "from",
  "to",
] as const;
