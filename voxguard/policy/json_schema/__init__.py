"""The JSON Schema of policy files, made of the models that read them."""
