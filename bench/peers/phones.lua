-- Three thousand kinds of phones asking for several streams in turn, so that hardly two requests are alike.
-- Arguments after "--": the paths. The lines stand in one order, as a browser sends them.
local paths, asked, tail = {}, 0, ""

init = function(arguments)
  for place, path in ipairs(arguments) do
    paths[place] = path
  end
  tail = ") AppleWebKit/537.36\r\nAccept: */*\r\nAccept-Language: hi-IN,hi;q=0.9,en;q=0.8\r\n"
    .. "Origin: https://toli.example\r\nIf-None-Match: " .. wrk.headers["If-None-Match"] .. "\r\n\r\n"
end

request = function()
  asked = asked + 1
  return "GET " .. paths[asked % #paths + 1] .. " HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    .. "User-Agent: Mozilla/5.0 (Linux; Android 11; SM-" .. (asked * 7919 % 3000) .. tail
end
