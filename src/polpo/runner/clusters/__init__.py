"""What a script needs around it to work on a Kubernetes cluster: a kubeconfig, kubectl, and a way to sign in.

`context` prepares it for `run-script` and `deploy-package`; `connection` reads variables; `signin` with `amazon`,
`azure` and `google` answers kubectl, whenever that needs a token, by the verb `cluster-token`; `check` looks whether a
cluster can be used. Nothing but kubectl has to be installed: the clouds are asked over HTTPS.
"""
