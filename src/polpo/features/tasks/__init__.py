"""Server tasks as the API shows them: state, tree of activities, log, why they wait, cancel."""
