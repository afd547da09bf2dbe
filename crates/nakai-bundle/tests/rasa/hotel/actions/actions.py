class ActionPrice:
    pass
