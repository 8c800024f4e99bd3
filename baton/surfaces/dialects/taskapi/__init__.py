"""The dialect of aiohttp_taskAPI (003)."""
