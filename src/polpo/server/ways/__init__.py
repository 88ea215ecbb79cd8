"""How machines of each communication style are reached: what is stored of them becomes a transport."""
