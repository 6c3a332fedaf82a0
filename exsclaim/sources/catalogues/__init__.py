"""Search services and deposits that several sources use."""
