"""Road 2: both sides at numbers, exactly; slopes are dual numbers. It shares no rule of algebra with road 1."""
