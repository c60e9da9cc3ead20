"""How fast Socklab is, side by side with what people would use instead."""
